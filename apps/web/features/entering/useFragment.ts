"use client";

import { useSyncExternalStore } from "react";

/** What stands behind the # of the address, which no server sees; null until the browser has told. */
export function useFragment(): string | null {
  return useSyncExternalStore(
    (changed) => {
      window.addEventListener("hashchange", changed);
      return () => window.removeEventListener("hashchange", changed);
    },
    () => window.location.hash.slice(1),
    () => null,
  );
}

/** Mails say `#token`; older ones and people who rewrite links may say `#token=…`. */
export function tokenOf(fragment: string): string {
  return decodeURIComponent(fragment.replace(/^token=/, "").replace(/%(?![0-9a-f]{2})/gi, "%25"));
}
