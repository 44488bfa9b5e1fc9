"use client";

import { useEffect, useRef, type RefObject } from "react";

const ROWS = "[data-row]";

/** For the element around a list of rows: the list is one tab stop, at the row where the focus was last. From there the
 * keys go on: `focusRow`. Only the browser does this; before, every row is a stop. */
export function useRows<List extends HTMLElement>(): RefObject<List | null> {
  const list = useRef<List>(null);
  useEffect(() => {
    const element = list.current;
    if (!element) return;
    let current: HTMLElement | null = null;
    const settle = () => {
      const rows = [...element.querySelectorAll<HTMLElement>(ROWS)];
      if (!current || !rows.includes(current)) current = rows[0] ?? null;
      for (const row of rows) open(row, row === current);
    };
    const follow = ({ target }: FocusEvent) => {
      const row = target instanceof Element ? rowAround(target)?.querySelector<HTMLElement>(ROWS) : null;
      if (!row || row === current) return;
      if (current) open(current, false);
      open(row, true);
      current = row;
    };
    settle();
    element.addEventListener("focusin", follow);
    const observer = new MutationObserver(settle);
    observer.observe(element, { childList: true, subtree: true });
    return () => {
      element.removeEventListener("focusin", follow);
      observer.disconnect();
    };
  }, []);
  return list;
}

/** With all that can be pressed in it. */
function open(row: HTMLElement, isOpen: boolean): void {
  for (const each of rowAround(row)?.querySelectorAll<HTMLElement>("a[href], button") ?? [])
    each.tabIndex = isOpen ? 0 : -1;
}

function rowAround(element: Element): Element | null {
  return element.closest("li");
}
