"use client";

import { useRouter } from "next/navigation";
import { useEffect } from "react";

import { pathOfThread } from "@/features/shell/paths";

import { groupThreads } from "./ThreadList";
import type { ListedThread } from "./useThreads";

/** ⌥↓ and ⌥↑ lead to the next thread, with ⇧ to the next where something is unread; in the composer too. */
export function useThreadKeys(listed: ListedThread[] | undefined, currentId: string | null): void {
  const router = useRouter();
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (!event.altKey || event.ctrlKey || event.metaKey || event.isComposing || event.defaultPrevented) return;
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (!step || !listed) return;
      event.preventDefault();
      const next = stepFrom(listed, currentId, step, event.shiftKey);
      if (next) router.push(pathOfThread(next));
    };
    window.addEventListener("keydown", pressed);
    return () => window.removeEventListener("keydown", pressed);
  }, [router, listed, currentId]);
}

/** The id of the thread after this one as they stand in the list, around its end; null when there is no other. */
export function stepFrom(
  listed: readonly ListedThread[],
  currentId: string | null,
  step: number,
  onlyUnread: boolean,
): string | null {
  const threads = groupThreads(listed).flatMap((group) => group.threads);
  const at = threads.findIndex((each) => each.thread.thread_id === currentId);
  for (let gone = 1; gone <= threads.length; gone++) {
    const begin = at === -1 && step < 0 ? threads.length : at;
    const next = threads[(begin + step * gone + threads.length * 2) % threads.length];
    if (next && next.thread.thread_id !== currentId && (!onlyUnread || next.unread > 0)) return next.thread.thread_id;
  }
  return null;
}
