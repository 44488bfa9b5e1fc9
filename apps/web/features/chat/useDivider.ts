"use client";

import { useEffect, useState } from "react";

/** Up to which number all was read when somebody came, or came back to the window: the divider stands behind it and
 * stays as long as they look. Null without one, as for who has never read here. */
export function useDivider(
  mark: number | undefined,
  newest: number,
): [number | null | undefined, (readUntil: number | null) => void] {
  const [readUntil, setReadUntil] = useState<number | null | undefined>(undefined);
  if (readUntil === undefined && mark !== undefined) setReadUntil(mark > 0 ? mark : null);
  const isRead = mark !== undefined && mark >= newest;
  useEffect(() => {
    if (!isRead) return;
    const leave = () => setReadUntil(newest);
    window.addEventListener("blur", leave);
    return () => window.removeEventListener("blur", leave);
  }, [isRead, newest]);
  return [readUntil, setReadUntil];
}
