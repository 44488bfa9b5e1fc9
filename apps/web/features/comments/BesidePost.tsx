"use client";

import { createContext, useContext, useRef, useState, type ReactNode } from "react";

import { rememberChoice } from "@/features/shell/choices";
import { PANEL } from "@/features/shell/content";
import { useWide } from "@/features/shell/useWide";
import { useShortcut } from "@/features/shortcuts/Shortcuts";

import { BESIDE_COOKIE, PANEL_HASH, readHash } from "./beside";
import { COMPOSER } from "./places";
import { dropHash, pushHash, useHash } from "./useHash";

interface Beside {
  isOpen: boolean;
  wide: boolean | null;
  /** The comment that the address means. */
  commentId: string | null;
  toggle: () => void;
  close: () => void;
}

const Context = createContext<Beside | null>(null);

export function useBeside(): Beside {
  const beside = useContext(Context);
  if (!beside) throw new Error("useBeside needs a BesidePost above it.");
  return beside;
}

/** Knows whether the panel is open. Beside the page that is a wish which is remembered; over the page it is a place in
 * the address, so that "back" closes it. */
export function BesidePost({ open, children }: { open: boolean; children: ReactNode }) {
  const wide = useWide();
  const { opens, commentId } = readHash(useHash());
  const [wanted, want] = useState(open);
  const opener = useRef<Element | null>(null);
  const pushed = useRef(false);
  // Another hash, such as a heading's, doesn't close what a comment's has opened.
  if (opens && !wanted) want(true);
  const isOpen = wide === false ? opens : wanted;

  const close = () => {
    want(false);
    if (wide !== false) rememberChoice(BESIDE_COOKIE, "closed");
    if (opens && wide === false && pushed.current) window.history.back();
    else if (opens) dropHash();
    pushed.current = false;
    if (opener.current instanceof HTMLElement) opener.current.focus();
  };
  const show = () => {
    opener.current = document.activeElement;
    if (wide === false) {
      pushed.current = true;
      pushHash(PANEL_HASH);
      return;
    }
    want(true);
    rememberChoice(BESIDE_COOKIE, "open");
    requestAnimationFrame(() => document.getElementById(PANEL)?.focus());
  };
  const toggle = () => (isOpen ? close() : show());
  useShortcut("beside", toggle);
  useShortcut("comment", () => {
    focusComposer();
    if (!isOpen) show();
  });

  return <Context value={{ isOpen, wide, commentId, toggle, close }}>{children}</Context>;
}

/** Where the composer is, or as soon as it is there: the panel may have to open first. */
function focusComposer(): void {
  const found = () => document.getElementById(COMPOSER);
  if (found()) return found()?.focus();
  const observer = new MutationObserver(() => {
    if (!found()) return;
    observer.disconnect();
    // After the panel, which takes the focus when it opens.
    requestAnimationFrame(() => found()?.focus());
  });
  observer.observe(document.body, { childList: true, subtree: true });
  // Where nothing can be written, there is none.
  window.setTimeout(() => observer.disconnect(), 20_000);
}
