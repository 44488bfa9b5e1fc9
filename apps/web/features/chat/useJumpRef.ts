"use client";

import { useEffect } from "react";

import type { MessageDoing } from "./message";

/** Lends the way to a message to what stands outside of the list, as long as the list is there. */
export function useJumpRef(ref: { current: MessageDoing["jump"] | null } | undefined, { jump }: MessageDoing): void {
  useEffect(() => {
    if (!ref) return;
    ref.current = jump;
    return () => {
      ref.current = null;
    };
  }, [ref, jump]);
}
