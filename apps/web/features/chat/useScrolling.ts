"use client";

import { useCallback, useEffect, useLayoutEffect, useRef, useState, type RefObject } from "react";
import type { VirtualizerHandle } from "virtua";

import type { MessageWindow, Shown } from "./messageWindow";
import type { ThreadRow } from "./rows";

/** As near to the end it counts as there, in pixels. */
const NEAR_END = 48;
/** As near to what isn't loaded it is asked for. */
const AHEAD = 3_000;

export interface Scrolling {
  list: RefObject<HTMLDivElement | null>;
  handle: RefObject<VirtualizerHandle | null>;
  /** The row that is the list's tab stop. */
  stop: string | null;
  setStop: (key: string) => void;
  /** Not at the end, and how many have come there since. */
  away: { unseen: number } | null;
  onScroll: (offset: number) => void;
  onRest: () => void;
  onResize: () => void;
  toNewest: () => void;
  /** Shows a message and marks it for a moment. False when the thread has none of this number. */
  jump: (number: number) => Promise<boolean>;
  focus: (number: number, at: number) => void;
}

interface Asked {
  source: MessageWindow;
  shown: Shown;
  rows: ThreadRow[];
  /** How far one sees. */
  seen: (number: number) => void;
  /** The message that the address means. */
  meant: number | null;
}

/** Where one reads: it stays when others write and when older messages come, and is at the end for who is there. */
export function useScrolling({ source, shown, rows, seen, meant }: Asked): Scrolling {
  const list = useRef<HTMLDivElement>(null);
  const handle = useRef<VirtualizerHandle>(null);
  const [stop, setStop] = useState<string | null>(null);
  const [isAway, setAway] = useState(false);
  /** The newest that has been in view. */
  const [seenUntil, setSeenUntil] = useState(0);
  const place = useRef({ isAtEnd: true, offset: 0, flash: null as number | null });
  const latest = useRef({ shown, rows });
  useLayoutEffect(() => {
    latest.current = { shown, rows };
  });

  const look = useCallback(() => {
    const now = handle.current;
    const { shown, rows } = latest.current;
    if (!now || rows.length === 0) return;
    const { scrollOffset, viewportSize, scrollSize } = now;
    if (viewportSize === 0) return;
    if (scrollOffset < AHEAD) void source.loadOlder();
    if (scrollSize - scrollOffset - viewportSize < AHEAD) void source.loadNewer();
    const isEnd = !shown.hasNewer && scrollSize - scrollOffset - viewportSize <= NEAR_END;
    const last = rows[isEnd ? rows.length - 1 : now.findItemIndex(scrollOffset + viewportSize - 1)];
    const number = isEnd ? (shown.newest?.number ?? 0) : last?.kind === "message" ? last.message.number : 0;
    seen(number);
    setSeenUntil((before) => Math.max(before, number));
    setAway(!isEnd && (shown.hasNewer || scrollSize - scrollOffset - viewportSize > viewportSize / 2));
  }, [source, seen]);

  const toEnd = useCallback(() => {
    place.current.isAtEnd = true;
    handle.current?.scrollToIndex(latest.current.rows.length - 1, { align: "end" });
  }, []);

  const show = useCallback((number: number, align: "center" | "start", isFlashed: boolean) => {
    const at = latest.current.rows.findIndex((row) => row.kind === "message" && row.message.number === number);
    if (at === -1) return;
    place.current.isAtEnd = false;
    handle.current?.scrollToIndex(at, { align });
    if (isFlashed) whenThere(list.current, number, flash);
  }, []);

  const jump = useCallback(
    async (number: number) => {
      const { generation } = source.get();
      place.current.flash = number;
      const isThere = await source.show(number);
      // Another part of the thread is drawn first: see below.
      if (isThere && source.get().generation === generation) {
        place.current.flash = null;
        show(number, "center", true);
      } else if (!isThere) place.current.flash = null;
      return isThere;
    },
    [source, show],
  );

  // Where a part of the thread is entered: at what the address means, at the first that is new, or at the end.
  const { generation } = shown;
  useLayoutEffect(() => {
    if (generation === 0) return;
    const { flash: wanted } = place.current;
    const firstNew = latest.current.rows.find((row) => row.kind === "message" && row.isNew);
    if (wanted !== null) {
      place.current.flash = null;
      show(wanted, "center", true);
    } else if (generation === 1 && firstNew?.kind === "message") {
      show(firstNew.message.number, "start", false);
    } else toEnd();
    const frame = requestAnimationFrame(() => look());
    return () => cancelAnimationFrame(frame);
  }, [generation, show, toEnd, look]);

  // What the address means, once, and again when it means another.
  const isReady = generation > 0;
  useEffect(() => {
    if (isReady && meant !== null) void jump(meant);
  }, [isReady, meant, jump]);

  // Who is at the end stays there; who writes wants to see what they wrote.
  const outgoing = rows.reduce((count, row) => count + (row.kind === "outgoing" ? 1 : 0), 0);
  const outgoingBefore = useRef(outgoing);
  useLayoutEffect(() => {
    const hasWritten = outgoing > outgoingBefore.current;
    outgoingBefore.current = outgoing;
    if (hasWritten && latest.current.shown.hasNewer) source.showNewest();
    else if (hasWritten || (place.current.isAtEnd && !shown.isPrepended)) toEnd();
    const frame = requestAnimationFrame(look);
    return () => cancelAnimationFrame(frame);
  }, [rows, outgoing, shown.isPrepended, source, toEnd, look]);

  return {
    list,
    handle,
    stop,
    setStop,
    away: isAway ? { unseen: Math.max(0, (shown.newest?.number ?? 0) - seenUntil) } : null,
    onScroll: (offset) => {
      const now = handle.current;
      if (!now) return;
      // What grows at the end isn't somebody who scrolls up.
      if (now.scrollSize - offset - now.viewportSize <= NEAR_END) place.current.isAtEnd = !shown.hasNewer;
      else if (offset < place.current.offset) place.current.isAtEnd = false;
      place.current.offset = offset;
      look();
    },
    onRest: () => {
      const now = handle.current;
      if (!now) return;
      const middle = rows[now.findItemIndex(now.scrollOffset + now.viewportSize / 2)];
      if (middle?.kind === "message") source.look(middle.message.number);
    },
    onResize: () => {
      if (place.current.isAtEnd) toEnd();
      // A list that just came knows only now how much of it is seen; a short one is never scrolled.
      look();
    },
    toNewest: () => {
      if (shown.hasNewer) source.showNewest();
      else toEnd();
    },
    jump,
    focus: (number, at) => {
      handle.current?.scrollToIndex(at, { align: "nearest" });
      whenThere(list.current, number, (row) => row.focus({ preventScroll: true }));
    },
  };
}

/** A row that is scrolled to is drawn some frames later. */
function whenThere(list: HTMLElement | null, number: number, act: (row: HTMLElement) => void, frames = 30): void {
  const row = list?.querySelector<HTMLElement>(`[data-message="${number}"]`);
  if (row) act(row);
  else if (list && frames > 0) requestAnimationFrame(() => whenThere(list, number, act, frames - 1));
}

function flash(row: HTMLElement): void {
  row.animate([{ background: "var(--mark)" }, { background: "var(--mark)", offset: 0.7 }, {}], 1000);
}
