"use client";

import { createContext, useContext, useRef, useState, type ReactNode } from "react";

import { COMPOSER } from "@/features/comments/places";
import { rememberChoice } from "@/features/shell/choices";
import { PANEL } from "@/features/shell/content";
import { useWide } from "@/features/shell/useWide";
import { useShortcut } from "@/features/shortcuts/Shortcuts";

import { BESIDE_COOKIE, hashOfTab, readHash, type Tab } from "./beside";
import { dropHash, pushHash, replaceHash, useHash } from "./useHash";

interface Beside {
  /** What is open, if anything. */
  open: Tab | null;
  wide: boolean | null;
  /** The comment that the address means. */
  commentId: string | null;
  /** The message of the thread that it means, by number or id. */
  message: string | null;
  show: (tab: Tab) => void;
  close: () => void;
}

const Context = createContext<Beside | null>(null);

export function useBeside(): Beside {
  const beside = useContext(Context);
  if (!beside) throw new Error("useBeside needs a BesidePost above it.");
  return beside;
}

/** Knows what of the panel is open. Beside the page that is a wish which is remembered; over the page it is a place in
 * the address, so that "back" closes it. */
export function BesidePost({ tab, children }: { tab: Tab | null; children: ReactNode }) {
  const wide = useWide();
  const hash = useHash();
  const { tab: meant, commentId, message } = readHash(hash);
  const [wanted, want] = useState(tab);
  /** What was open last, for the key that opens it again. */
  const [last, setLast] = useState<Tab>(tab ?? "comments");
  const [seen, see] = useState("");
  const opener = useRef<Element | null>(null);
  const pushed = useRef(false);
  if (hash !== seen) {
    see(hash);
    // Another hash, such as a heading's, doesn't close what a comment's has opened.
    if (meant) {
      want(meant);
      setLast(meant);
    }
  }
  const open = wide === false ? meant : wanted;

  const close = () => {
    want(null);
    if (wide !== false) rememberChoice(BESIDE_COOKIE, "closed");
    if (meant && wide === false && pushed.current) window.history.back();
    else if (meant) dropHash();
    pushed.current = false;
    if (opener.current instanceof HTMLElement) opener.current.focus();
  };
  const show = (next: Tab) => {
    setLast(next);
    if (open === null) opener.current = document.activeElement;
    if (wide === false) {
      if (open === null) pushHash(hashOfTab(next));
      else replaceHash(hashOfTab(next));
      pushed.current ||= open === null;
      return;
    }
    want(next);
    // What the address meant is no longer what is shown.
    if (meant && meant !== next) dropHash();
    rememberChoice(BESIDE_COOKIE, next);
    if (open === null) requestAnimationFrame(() => document.getElementById(PANEL)?.focus());
  };
  useShortcut("beside", () => (open ? close() : show(last)));
  useShortcut("comment", () => {
    focusComposer();
    if (open !== "comments") show("comments");
  });

  return <Context value={{ open, wide, commentId, message, show, close }}>{children}</Context>;
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
  window.setTimeout(() => observer.disconnect(), 2000);
}
