"use client";

import { useRouter } from "next/navigation";
import { createContext, lazy, Suspense, useCallback, useContext, useEffect, useState, type ReactNode } from "react";

import { pathOfNewPost } from "@/features/search/paths";
import { focusRegion, focusRow } from "@/features/shortcuts/focus";
import { Shortcuts, useShortcut } from "@/features/shortcuts/Shortcuts";

// Neither is there at first sight: they come while nothing else is to do.
const loadPalette = () => import("./Palette");
const loadSheet = () => import("@/features/shortcuts/ShortcutSheet");
const Palette = lazy(async () => ({ default: (await loadPalette()).Palette }));
const ShortcutSheet = lazy(async () => ({ default: (await loadSheet()).ShortcutSheet }));

const Context = createContext<() => void>(() => undefined);

/** Opens the palette. */
export function useFinding(): () => void {
  return useContext(Context);
}

/** Around the workspace: the palette, the keys, and the sheet that tells them. */
export function Finding({ children }: { children: ReactNode }) {
  return (
    <Shortcuts>
      <Everywhere>{children}</Everywhere>
    </Shortcuts>
  );
}

type Shown = "palette" | "shortcuts";

function Everywhere({ children }: { children: ReactNode }) {
  const router = useRouter();
  const [shown, show] = useState<Shown | null>(null);
  const [wanted, want] = useState<Partial<Record<Shown, true>>>({});
  const open = useCallback((which: Shown) => {
    want((before) => ({ ...before, [which]: true }));
    show(which);
  }, []);
  const find = useCallback(() => open("palette"), [open]);
  const showShortcuts = useCallback(() => open("shortcuts"), [open]);
  useShortcut("find", () => (shown === "palette" ? show(null) : find()));
  useShortcut("shortcuts", showShortcuts);
  useShortcut("newPost", () => router.push(pathOfNewPost()));
  useShortcut("goPosts", () => router.push("/posts"));
  useShortcut("goInbox", () => router.push("/notifications"));
  useShortcut("goDrafts", () => router.push("/posts?status=draft"));
  useShortcut("next", () => focusRow(1));
  useShortcut("previous", () => focusRow(-1));
  useShortcut("nextRegion", () => focusRegion(1));
  useShortcut("previousRegion", () => focusRegion(-1));
  useEffect(() => {
    const load = () => void Promise.all([loadPalette(), loadSheet()]).catch(() => undefined);
    if (!("requestIdleCallback" in window)) return load();
    const waiting = window.requestIdleCallback(load, { timeout: 5000 });
    return () => window.cancelIdleCallback(waiting);
  }, []);
  const setShown = (which: Shown) => (isOpen: boolean) => show((now) => (isOpen ? which : now === which ? null : now));
  return (
    <Context value={find}>
      {children}
      <Suspense>
        {wanted.palette && (
          <Palette open={shown === "palette"} onOpenChange={setShown("palette")} showShortcuts={showShortcuts} />
        )}
        {wanted.shortcuts && <ShortcutSheet open={shown === "shortcuts"} onOpenChange={setShown("shortcuts")} />}
      </Suspense>
    </Context>
  );
}
