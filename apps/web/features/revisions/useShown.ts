"use client";

import { usePathname, useSearchParams } from "next/navigation";
import type { MouseEvent } from "react";

/** Which version is shown and how, in the address: it can be shared, and "back" goes back. */
export interface Shown {
  version: number | null;
  /** Compared with the version before it, or with what the post says now. */
  against: "before" | "now";
  view: "changes" | "text";
}

export function readShown(search: { get(name: string): string | null }): Shown {
  const version = Number(search.get("version"));
  return {
    version: Number.isInteger(version) && version > 0 && version < 2 ** 31 ? version : null,
    against: search.get("against") === "now" ? "now" : "before",
    view: search.get("view") === "text" ? "text" : "changes",
  };
}

export function useShown() {
  const path = usePathname();
  const shown = readShown(useSearchParams());
  const hrefOf = (change: Partial<Shown>): string => {
    const { version, against, view } = { ...shown, ...change };
    const query = new URLSearchParams();
    if (version) query.set("version", String(version));
    if (against === "now") query.set("against", "now");
    if (view === "text") query.set("view", "text");
    return query.size > 0 ? `${path}?${query}` : path;
  };
  const go = (change: Partial<Shown>) => window.history.pushState(null, "", hrefOf(change));
  /** For a link: here it needs no round trip, and in another tab it is an address as any. */
  const linkTo = (change: Partial<Shown>) => ({
    href: hrefOf(change),
    onClick(event: MouseEvent) {
      if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
      event.preventDefault();
      go(change);
    },
  });
  return { shown, go, linkTo };
}
