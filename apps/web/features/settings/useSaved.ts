"use client";

import { useEffect, useState } from "react";

import { useProblemText } from "@/features/entering/useProblemText";

const SECONDS = 8;

export type Standing = { step: "rest" } | { step: "saved"; undo?: () => void } | { step: "failed"; told: string };

/** Where something that saves at once stands: "Saved" with its undo for a while, or why it wasn't. */
export function useSaved() {
  const textOf = useProblemText();
  const [standing, set] = useState<Standing>({ step: "rest" });
  useEffect(() => {
    if (standing.step !== "saved") return;
    const timer = setTimeout(() => set({ step: "rest" }), SECONDS * 1000);
    return () => clearTimeout(timer);
  }, [standing]);
  return {
    standing,
    saved: (undo?: () => void) => set({ step: "saved", ...(undo && { undo }) }),
    failed: (error: unknown) => set({ step: "failed", told: textOf(error) }),
    rest: () => set({ step: "rest" }),
  };
}
