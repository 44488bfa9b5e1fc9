"use client";

import { live, type ThreadId } from "@dfworx/api/live";
import { useMutation } from "convex/react";
import { useRef } from "react";

import { useConnection } from "@/features/live/state";

/** Convex shows it for 5 seconds. */
const TOLD_EVERY_MS = 3_000;

/** Called with each letter; the others hear of it now and then. */
export function useTyping(threadId: ThreadId): () => void {
  const tell = useMutation(live.typing.set);
  const isOpen = useConnection() === "open";
  const told = useRef(-Infinity);
  return () => {
    const now = performance.now();
    // Without a connection it would wait, and be told when it is long over.
    if (!isOpen || now - told.current < TOLD_EVERY_MS) return;
    told.current = now;
    void tell({ thread_id: threadId }).catch(() => undefined);
  };
}
