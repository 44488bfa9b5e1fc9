"use client";

import { useRouter } from "next/navigation";
import { useEffect } from "react";

import { pathOfThread } from "@/features/shell/paths";

import { stepFrom } from "./threads";
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
