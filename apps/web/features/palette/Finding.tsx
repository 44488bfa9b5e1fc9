"use client";

import { later } from "@dfworx/ui/later";
import { useRouter } from "next/navigation";
import { createContext, useCallback, useContext, useEffect, useMemo, useRef, useState, type ReactNode } from "react";

import { pathOfNewPost } from "@/features/shell/paths";
import { focusRegion, focusRow } from "@/features/shortcuts/focus";
import { Shortcuts, useShortcut } from "@/features/shortcuts/Shortcuts";

const parts = {
  palette: later(() => import("./Palette")),
  shortcuts: later(() => import("@/features/shortcuts/ShortcutSheet")),
  thread: later(() => import("@/features/chat/deeds/NewThreadDialog")),
};

/** For what opens the palette, when somebody comes near it. */
export const prepareFinding = parts.palette.prepare;
export const prepareNewThread = parts.thread.prepare;

interface Opened {
  find: () => void;
  beginThread: (name?: string) => void;
}

const Context = createContext<Opened>({ find: () => undefined, beginThread: () => undefined });

/** Opens the palette. */
export function useFinding(): () => void {
  return useContext(Context).find;
}

/** Asks for the name of a new thread, and makes it. */
export function useNewThread(): (name?: string) => void {
  return useContext(Context).beginThread;
}

/** Around the workspace: the palette, the keys, and the sheet that tells them. */
export function Finding({ children }: { children: ReactNode }) {
  return (
    <Shortcuts>
      <Everywhere>{children}</Everywhere>
    </Shortcuts>
  );
}

type Shown = keyof typeof parts;

function Everywhere({ children }: { children: ReactNode }) {
  const router = useRouter();
  const [shown, show] = useState<Shown | null>(null);
  const palette = parts.palette.useLoaded();
  const shortcuts = parts.shortcuts.useLoaded();
  const thread = parts.thread.useLoaded();
  const [threadName, setThreadName] = useState("");
  const open = useCallback((which: Shown) => {
    show(which);
    parts[which].load().catch(() => show((now) => (now === which ? null : now)));
  }, []);
  const early = useEarlyLetters(shown === "palette");
  const find = useCallback(() => {
    early.begin();
    open("palette");
  }, [early, open]);
  const beginThread = useCallback(
    (name = "") => {
      setThreadName(name);
      open("thread");
    },
    [open],
  );
  const closeThread = useCallback(() => show((now) => (now === "thread" ? null : now)), []);
  const showShortcuts = useCallback(() => open("shortcuts"), [open]);
  useShortcut("find", () => (shown === "palette" ? show(null) : find()));
  useShortcut("shortcuts", showShortcuts);
  useShortcut("newPost", () => router.push(pathOfNewPost()));
  useShortcut("newThread", () => beginThread());
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
    // The first key of ⌘K announces the second.
    const announced = (event: KeyboardEvent) => {
      if (event.key === "Control" || event.key === "Meta") prepareFinding();
    };
    window.addEventListener("keydown", announced);
    return () => window.removeEventListener("keydown", announced);
  }, []);
  const opened = useMemo(() => ({ find, beginThread }), [find, beginThread]);
  const setShown = (which: Shown) => (isOpen: boolean) => show((now) => (isOpen ? which : now === which ? null : now));
  return (
    <Context value={opened}>
      {children}
      {palette && (
        <palette.Palette
          open={shown === "palette"}
          onOpenChange={setShown("palette")}
          showShortcuts={showShortcuts}
          begun={early.read}
        />
      )}
      {shortcuts && <shortcuts.ShortcutSheet open={shown === "shortcuts"} onOpenChange={setShown("shortcuts")} />}
      {thread && shown === "thread" && <thread.NewThreadDialog name={threadName} close={closeThread} />}
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
