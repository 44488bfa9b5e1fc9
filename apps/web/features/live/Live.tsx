"use client";

import { createContext, useContext, useEffect, type ReactNode } from "react";

import { ambient } from "./laterAmbient";

const Context = createContext("");
/** A reader who only looks is here too, after a moment. */
const LOOKING_MS = 15_000;

export function useConvexUrl(): string {
  return useContext(Context);
}

/** Around the workspace. What is live on every page begins when somebody moves, or has looked for a moment: a page is
 * read without it. */
export function Live({ convexUrl, children }: { convexUrl: string; children: ReactNode }) {
  const loaded = ambient.useLoaded();
  ambient.usePreparedWhenTouched();
  useEffect(() => {
    const timer = setTimeout(ambient.prepare, LOOKING_MS);
    return () => clearTimeout(timer);
  }, []);
  return (
    <Context value={convexUrl}>
      {children}
      {loaded && <loaded.Ambient />}
    </Context>
  );
}
