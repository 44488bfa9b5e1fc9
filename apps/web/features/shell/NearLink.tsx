"use client";

import Link from "next/link";
import { useState, type ComponentProps } from "react";

/** A link whose page is fetched when a pointer or the focus comes near, not as soon as the link is seen: a page holds
 * dozens of them, and most are never followed. */
export function NearLink(props: ComponentProps<typeof Link>) {
  const [isNear, setNear] = useState(false);
  const come = () => setNear(true);
  return <Link {...props} prefetch={isNear ? null : false} onPointerEnter={come} onFocus={come} />;
}
