import { useEffect, useSyncExternalStore } from "react";

const SIGNS = ["pointermove", "pointerdown", "keydown"];

/** Code that a page comes without: it is loaded when somebody is about to use it (`prepare`, as a pointer or the focus
 * arrives), at the latest when they do (`load`). What didn't come, such as offline, is tried again the next time. */
export interface Later<T> {
  load: () => Promise<T>;
  prepare: () => void;
  /** As `prepare`, when the person first moves: for what a press opens that nothing announces. */
  usePreparedWhenTouched: () => void;
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
  const prepare = () => void load().catch(() => undefined);
  return {
    load,
    prepare,
    usePreparedWhenTouched() {
      useEffect(() => {
        const stop = new AbortController();
        const options = { once: true, passive: true, signal: stop.signal };
        for (const sign of SIGNS) window.addEventListener(sign, prepare, options);
        return () => stop.abort();
      }, []);
    },
    useLoaded: () =>
      useSyncExternalStore(
        subscribe,
        () => here,
        () => null,
      ),
  };
}
