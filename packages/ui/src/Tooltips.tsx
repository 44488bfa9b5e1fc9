"use client";

import clsx from "clsx";
import { useEffect, useLayoutEffect, useRef, useState } from "react";

const DELAY = 500;
/** So long after one was seen, the next comes at once. */
const WARM = 300;
/** Time to get from the thing onto its tooltip. */
const GRACE = 100;
const GAP = 6;
const EDGE = 8;

/** Once an app. Comes where the pointer rests or the keyboard's focus is, stays while the pointer is on it, and goes
 * with Esc, a press or scrolling. */
export function Tooltips() {
  const [at, setAt] = useState<HTMLElement | null>(null);
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    return watch(setAt, () => place.current);
  }, []);
  useLayoutEffect(() => {
    if (at && place.current) lay(place.current, at);
    if (!at || !place.current || isSaid(at)) return;
    at.setAttribute("aria-describedby", place.current.id);
    return () => at.removeAttribute("aria-describedby");
  }, [at]);
  if (!at?.isConnected) return null;
  const { tooltip, tooltipShortcut, tooltipClass } = at.dataset;
  return (
    <div
      ref={place}
      id="tooltip"
      role="tooltip"
      data-state="open"
      className={clsx(
        "floats fixed z-50 flex w-max max-w-72 items-center gap-2 rounded-sm bg-ink px-2 py-[5px] text-xs text-sheet",
        tooltipClass,
      )}
    >
      {tooltip}
      {tooltipShortcut && (
        <kbd className="rounded-xs border border-current px-1 font-sans text-2xs">{tooltipShortcut}</kbd>
      )}
    </div>
  );
}

/** What it says is the thing's own name: then it isn't told twice. */
function isSaid(thing: HTMLElement): boolean {
  const { tooltip } = thing.dataset;
  return thing.ariaLabel === tooltip || thing.textContent?.trim() === tooltip;
}

function watch(show: (thing: HTMLElement | null) => void, place: () => HTMLElement | null): () => void {
  let shown: HTMLElement | null = null;
  let timer = 0;
  let seenAt = -Infinity;
  const set = (thing: HTMLElement | null) => {
    window.clearTimeout(timer);
    if (shown) seenAt = performance.now();
    shown = thing;
    show(thing);
  };
  const later = (thing: HTMLElement | null, delay: number) => {
    window.clearTimeout(timer);
    timer = window.setTimeout(() => set(thing), delay);
  };
  const come = (event: PointerEvent) => {
    if (event.pointerType === "touch" || event.buttons > 0) return;
    if (event.target instanceof Node && place()?.contains(event.target)) return window.clearTimeout(timer);
    const thing = thingOf(event.target);
    if (thing === shown) return window.clearTimeout(timer);
    if (thing) later(thing, shown || performance.now() - seenAt < WARM ? 0 : DELAY);
    else if (shown) later(null, GRACE);
    else window.clearTimeout(timer);
  };
  const focus = (event: FocusEvent) => {
    const thing = thingOf(event.target);
    if (thing?.matches(":focus-visible")) set(thing);
  };
  const hide = () => set(null);
  const press = (event: KeyboardEvent) => {
    if (event.key !== "Escape" || !shown) return;
    // It is the uppermost thing: what lies below stays.
    event.stopPropagation();
    hide();
  };
  const stop = new AbortController();
  const { signal } = stop;
  document.addEventListener("pointerover", come, { signal });
  document.documentElement.addEventListener("pointerleave", hide, { signal });
  document.addEventListener("focusin", focus, { signal });
  document.addEventListener("focusout", hide, { signal });
  document.addEventListener("pointerdown", hide, { signal, capture: true });
  document.addEventListener("click", hide, { signal, capture: true });
  document.addEventListener("scroll", hide, { signal, capture: true });
  window.addEventListener("keydown", press, { signal, capture: true });
  return () => {
    stop.abort();
    window.clearTimeout(timer);
  };
}

function thingOf(target: EventTarget | null): HTMLElement | null {
  return target instanceof Element ? target.closest<HTMLElement>("[data-tooltip]") : null;
}

/** On the side that is wished for, on the other one where there is no room, and always within the window. */
function lay(tooltip: HTMLElement, thing: HTMLElement): void {
  const around = thing.getBoundingClientRect();
  const { width, height } = tooltip.getBoundingClientRect();
  const { clientWidth, clientHeight } = document.documentElement;
  const side = thing.dataset.tooltipSide ?? "bottom";
  let x = around.x + (around.width - width) / 2;
  let y = around.y + (around.height - height) / 2;
  if (side === "right") {
    const isRightToLeft = getComputedStyle(thing).direction === "rtl";
    x = isRightToLeft ? around.x - GAP - width : around.x + around.width + GAP;
  } else {
    const above = around.y - GAP - height;
    const below = around.y + around.height + GAP;
    if (side === "top") y = above >= EDGE ? above : below;
    else y = below + height <= clientHeight - EDGE ? below : above;
  }
  const within = (value: number, size: number, room: number) => Math.max(EDGE, Math.min(value, room - size - EDGE));
  tooltip.style.left = `${within(x, width, clientWidth)}px`;
  tooltip.style.top = `${within(y, height, clientHeight)}px`;
}
