"use client";

import { createContext, useContext, useEffect, useRef, useState, type ReactNode } from "react";

import { rememberChoice } from "@dfworx/ui/choices";
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
  /** How often somebody has asked to write a comment since the panel was opened. */
  asked: number;
  show: (tab: Tab) => void;
  close: () => void;
}

const Context = createContext<Beside | null>(null);

export function useBeside(): Beside {
  const beside = useContext(Context);
  if (!beside) throw new Error("useBeside needs a BesidePost above it.");
  return beside;
}

/** Takes the focus to where comments are written, for who has asked to write one: at once, or when the caller is there
 * at last, as its code is loaded late. */
export function useAskedToWrite(focus: () => void): void {
  const { asked } = useBeside();
  const latest = useRef(focus);
  useEffect(() => {
    latest.current = focus;
  });
  useEffect(() => {
    if (asked > 0) latest.current();
  }, [asked]);
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
  const [asked, ask] = useState(0);
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
    ask(0);
    if (wide !== false) rememberChoice(BESIDE_COOKIE, "closed");
    if (meant && wide === false && pushed.current) window.history.back();
    else if (meant) dropHash();
    pushed.current = false;
    if (opener.current instanceof HTMLElement) opener.current.focus();
  };
  const show = (next: Tab) => {
    setLast(next);
    ask(0);
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
    if (open === null) requestAnimationFrame(focusPanel);
  };
  useShortcut("beside", () => (open ? close() : show(last)));
  useShortcut("comment", () => {
    if (open !== "comments") show("comments");
    ask(asked + 1);
  });

  return <Context value={{ open, wide, commentId, message, asked, show, close }}>{children}</Context>;
}

/** Unless something in it has the focus already. */
function focusPanel(): void {
  const panel = document.getElementById(PANEL);
  if (!panel?.contains(document.activeElement)) panel?.focus();
}
