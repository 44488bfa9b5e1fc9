import { useEffect, useRef, useState, type RefObject } from "react";

import { lettersAreOn } from "@/features/shortcuts/letters";

const LONG_PRESS_MS = 500;
/** A finger is never quite still. */
const STILL_PX = 10;
/** What has a long press and a menu of its own. */
const OWN_MENU = "a, button, input, textarea, img, video";

interface RowDeeds {
  /** A single letter, as it is written, while the message itself has the focus. */
  letters: Partial<Record<string, () => void>>;
  /** The menu key, or a finger that stays. */
  menu: () => void;
}

/** The message around an element within it (the nearest `article` or `li`): whether somebody is at it, by pointer or
 * focus, and what keys and fingers do on it. */
export function useRow(inside: RefObject<HTMLElement | null>, deeds: RowDeeds): boolean {
  const [isNear, setNear] = useState(false);
  const latest = useRef(deeds);
  useEffect(() => {
    latest.current = deeds;
  });
  useEffect(() => {
    const row = inside.current?.closest<HTMLElement>("article, li");
    if (!row) return;
    const stop = new AbortController();
    const { signal } = stop;
    let timer = 0;
    let from = { x: 0, y: 0 };
    const release = () => window.clearTimeout(timer);
    const listen = <K extends keyof HTMLElementEventMap>(name: K, act: (event: HTMLElementEventMap[K]) => void) =>
      row.addEventListener(name, act, { signal });
    const near = (is: boolean) => setNear(is || row.contains(document.activeElement));

    listen("pointerenter", (event) => event.pointerType !== "touch" && near(true));
    listen("pointerleave", () => setNear(row.matches(":focus-within")));
    listen("focusin", () => near(true));
    listen("focusout", (event) => {
      if (!row.contains(event.relatedTarget as Node | null)) setNear(row.matches(":hover"));
    });
    listen("keydown", (event) => {
      if (event.target !== row || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
      const act = lettersAreOn() && !event.isComposing ? latest.current.letters[event.key.toLowerCase()] : undefined;
      if (!act) return;
      event.preventDefault();
      event.stopPropagation();
      act();
    });
    // A mouse keeps the browser's own menu; by keys and by touch it is ours.
    listen("contextmenu", (event) => {
      if (event.button === 2 || isOwn(event.target)) return;
      event.preventDefault();
      release();
      latest.current.menu();
    });
    listen("pointerdown", (event) => {
      if (event.pointerType !== "touch" || isOwn(event.target)) return;
      from = { x: event.clientX, y: event.clientY };
      release();
      timer = window.setTimeout(() => {
        window.getSelection()?.removeAllRanges();
        latest.current.menu();
      }, LONG_PRESS_MS);
    });
    listen("pointermove", (event) => {
      if (Math.hypot(event.clientX - from.x, event.clientY - from.y) > STILL_PX) release();
    });
    listen("pointerup", release);
    listen("pointercancel", release);
    return () => {
      release();
      stop.abort();
    };
  }, [inside]);
  return isNear;
}

function isOwn(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest(OWN_MENU) !== null;
}
