"use client";

import { useSyncExternalStore } from "react";

/** The hash of the address, as it is now. */
export function useHash(): string {
  return useSyncExternalStore(
    (changed) => {
      window.addEventListener("hashchange", changed);
      window.addEventListener("popstate", changed);
      return () => {
        window.removeEventListener("hashchange", changed);
        window.removeEventListener("popstate", changed);
      };
    },
    () => window.location.hash,
    () => "",
  );
}

/** A place to come back from: a phone's own "back" leads out of it. */
export function pushHash(hash: string): void {
  window.history.pushState(null, "", hash);
  window.dispatchEvent(new HashChangeEvent("hashchange"));
}

/** The same place, shown otherwise. */
export function replaceHash(hash: string): void {
  window.history.replaceState(null, "", hash);
  window.dispatchEvent(new HashChangeEvent("hashchange"));
}

export function dropHash(): void {
  replaceHash(window.location.pathname + window.location.search);
}
