"use client";

import { live, type ThreadId } from "@dfworx/api/live";
import { useMutation } from "convex/react";
import { useCallback, useEffect, useRef } from "react";

const IN_VIEW_MS = 500;
/** Marks are told no oftener. */
const APART_MS = 1_000;

/** Marks a thread read as far as somebody has looked: `seen` says how far one sees now, `markUntil` marks at once. What is
 * marked unread, here or in another window, stays so until one comes back or marks it. */
export function useReading(threadId: ThreadId, mark: number | undefined) {
  const tell = useMutation(live.reads.mark);
  const tellUnread = useMutation(live.reads.markUnread);
  const state = useRef({ timer: 0, told: 0, toldAt: 0, sees: 0, mark: 0, isHeld: false });
  useEffect(() => {
    const now = state.current;
    if (mark === undefined) return;
    if (mark < now.mark) {
      now.told = mark;
      now.isHeld = true;
    } else now.told = Math.max(now.told, mark);
    now.mark = mark;
  }, [mark]);
  const markUntil = useCallback(
    (number: number) => {
      const now = state.current;
      now.isHeld = false;
      if (number <= now.told) return;
      const before = now.told;
      now.told = number;
      now.toldAt = Date.now();
      // What wasn't marked is when it is seen the next time.
      tell({ thread_id: threadId, number }).catch(() => (now.told = before));
    },
    [tell, threadId],
  );
  const seen = useCallback(
    (number: number) => {
      const now = state.current;
      now.sees = number;
      if (now.isHeld || now.timer || number <= now.told || !document.hasFocus()) return;
      const wait = Math.max(IN_VIEW_MS, now.toldAt + APART_MS - Date.now());
      now.timer = window.setTimeout(() => {
        now.timer = 0;
        if (!now.isHeld) markUntil(now.sees);
      }, wait);
    },
    [markUntil],
  );
  const markUnread = useCallback(
    async (number: number) => {
      const now = state.current;
      now.isHeld = true;
      try {
        await tellUnread({ thread_id: threadId, number });
        now.told = Math.min(now.told, number - 1);
      } catch (error) {
        now.isHeld = false;
        throw error;
      }
    },
    [tellUnread, threadId],
  );
  useEffect(() => {
    const now = state.current;
    const look = () => seen(now.sees);
    const lookAway = () => {
      window.clearTimeout(now.timer);
      now.timer = 0;
      now.isHeld = false;
    };
    window.addEventListener("focus", look);
    window.addEventListener("blur", lookAway);
    return () => {
      lookAway();
      window.removeEventListener("focus", look);
      window.removeEventListener("blur", lookAway);
    };
  }, [seen]);
  return { seen, markUntil, markUnread };
}
