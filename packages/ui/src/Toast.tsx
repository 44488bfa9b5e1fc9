"use client";

import { createContext, useCallback, useContext, useEffect, useState, type ReactNode } from "react";

import { later } from "./later";

export interface Told {
  id: number;
  text: ReactNode;
  action?: { label: string; run: () => void } | undefined;
}

type Tell = (text: ReactNode, action?: Told["action"]) => void;

const MOST = 3;
const toasts = later(() => import("./Toasts"));
const Context = createContext<Tell | null>(null);

/** `tell("Moved to trash", { label: "Undo", run })`. For undo: a failure stays on the thing that failed. What shows
 * them comes with the first part of a page that may tell something, so that it is there offline too. */
export function useToast(): Tell {
  const tell = useContext(Context);
  if (!tell) throw new Error("useToast needs a ToastProvider above it.");
  useEffect(() => {
    toasts.prepare();
  }, []);
  return tell;
}

/** `label` names the region for those who don't see it, with {hotkey} for the key that goes there. */
export function ToastProvider({ label, children }: { label: string; children: ReactNode }) {
  const loaded = toasts.useLoaded();
  const [shown, show] = useState<Told[]>([]);
  const tell = useCallback<Tell>((text, action) => {
    toasts.prepare();
    show((now) => [...now.slice(1 - MOST), { id: (now.at(-1)?.id ?? 0) + 1, text, action }]);
  }, []);
  const drop = (id: number) => show((now) => now.filter((each) => each.id !== id));
  return (
    <Context value={tell}>
      {children}
      {loaded && <loaded.Toasts label={label} shown={shown} drop={drop} />}
    </Context>
  );
}
