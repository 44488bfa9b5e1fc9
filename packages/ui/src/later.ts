import { useSyncExternalStore } from "react";

/** Code that a page comes without: it is loaded when somebody is about to use it (`prepare`, as a pointer or the focus
 * arrives), at the latest when they do (`load`). What didn't come, such as offline, is tried again the next time. */
export interface Later<T> {
  load: () => Promise<T>;
  prepare: () => void;
  /** Null until it is here; then the caller is rendered again. */
  useLoaded: () => T | null;
}

export function later<T>(bring: () => Promise<T>): Later<T> {
  let here: T | null = null;
  let coming: Promise<T> | null = null;
  const waiting = new Set<() => void>();

  const load = () => {
    coming ??= bring().then(
      (loaded) => {
        here = loaded;
        for (const tell of waiting) tell();
        return loaded;
      },
      (error: unknown) => {
        coming = null;
        throw error;
      },
    );
    return coming;
  };
  const subscribe = (tell: () => void) => {
    waiting.add(tell);
    return () => void waiting.delete(tell);
  };
  return {
    load,
    prepare: () => void load().catch(() => undefined),
    useLoaded: () =>
      useSyncExternalStore(
        subscribe,
        () => here,
        () => null,
      ),
  };
}
