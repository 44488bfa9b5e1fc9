"use client";

/** Where the person is in this tab, as others are told. */
import { useEffect, useSyncExternalStore } from "react";

export type Place = `post:${string}` | `thread:${string}`;

const open: { place: Place }[] = [];
const listeners = new Set<() => void>();

/** As long as the caller is on the page. Of several the newest counts. */
export function usePlace(place: Place | null): void {
  useEffect(() => {
    if (place === null) return;
    const entry = { place };
    open.push(entry);
    tell();
    return () => {
      open.splice(open.indexOf(entry), 1);
      tell();
    };
  }, [place]);
}

export function useCurrentPlace(): Place | null {
  return useSyncExternalStore(subscribeToPlace, currentPlace, () => null);
}

export function currentPlace(): Place | null {
  return open.at(-1)?.place ?? null;
}

export function idIn(place: string | null, kind: "post" | "thread"): string | null {
  return place?.startsWith(`${kind}:`) ? place.slice(kind.length + 1) : null;
}

function tell(): void {
  for (const listener of listeners) listener();
}

export function subscribeToPlace(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
