"use client";

import { useRouter } from "next/navigation";
import {
  createContext,
  lazy,
  Suspense,
  useCallback,
  useContext,
  useEffect,
  useRef,
  useState,
  type ReactNode,
} from "react";

import { pathOfNewPost } from "@/features/shell/paths";
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
  const early = useEarlyLetters(shown === "palette");
  const find = useCallback(() => {
    early.begin();
    open("palette");
  }, [early, open]);
  const showShortcuts = useCallback(() => open("shortcuts"), [open]);
  useShortcut("find", () => (shown === "palette" ? show(null) : find()));
  useShortcut("shortcuts", showShortcuts);
  useShortcut("newPost", () => router.push(pathOfNewPost()));
  useShortcut("goPosts", () => router.push("/posts"));
  useShortcut("goInbox", () => router.push("/notifications"));
  useShortcut("goDrafts", () => router.push("/posts?status=draft"));
  useShortcut("next", () => focusRow("next"));
  useShortcut("previous", () => focusRow("previous"));
  useShortcut("first", () => focusRow("first"));
  useShortcut("last", () => focusRow("last"));
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
          <Palette
            open={shown === "palette"}
            onOpenChange={setShown("palette")}
            showShortcuts={showShortcuts}
            begun={early.read}
          />
        )}
        {wanted.shortcuts && <ShortcutSheet open={shown === "shortcuts"} onOpenChange={setShown("shortcuts")} />}
      </Suspense>
    </Context>
  );
}

/** What is typed between ⌘K and the field's being there: it belongs into the field, and does nothing else. */
function useEarlyLetters(isOpen: boolean): { begin: () => void; read: () => string } {
  const letters = useRef<string | null>(null);
  useEffect(() => {
    if (!isOpen) letters.current = null;
  }, [isOpen]);
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (letters.current === null) return;
      if (event.target instanceof Element && event.target.closest('[role="dialog"]')) {
        letters.current = null;
      } else if (event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey && !event.isComposing) {
        letters.current += event.key;
        event.preventDefault();
        event.stopPropagation();
      }
    };
    window.addEventListener("keydown", pressed, { capture: true });
    return () => window.removeEventListener("keydown", pressed, { capture: true });
  }, []);
  const [early] = useState(() => ({
    begin: () => {
      letters.current = "";
    },
    read: () => letters.current ?? "",
  }));
  return early;
}
