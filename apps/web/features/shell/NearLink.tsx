"use client";

import Link from "next/link";
import { useState, type ComponentProps } from "react";

/** A link to a page whose code is worth waiting for a sign: it is fetched when a pointer or the focus is near, not with
 * the page that the link stands on. */
export function NearLink(props: ComponentProps<typeof Link>) {
  const [isNear, setNear] = useState(false);
  const come = () => setNear(true);
  return <Link {...props} prefetch={isNear ? null : false} onPointerEnter={come} onFocus={come} />;
}
