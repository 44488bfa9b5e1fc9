"use client";

import { useSyncExternalStore } from "react";

const WIDE = "(min-width: 75rem)";

/** Whether a panel has its place beside the page; null where the width isn't known yet, as on the server. */
export function useWide(): boolean | null {
  return useSyncExternalStore<boolean | null>(
    (changed) => {
      const query = window.matchMedia(WIDE);
      query.addEventListener("change", changed);
      return () => query.removeEventListener("change", changed);
    },
    () => window.matchMedia(WIDE).matches,
    () => null,
  );
}
