"use client";

import { useState } from "react";

export type Mode = "write" | "both" | "read";
const NAME = "dfworx.editor.mode";

/** Remembered on this device: how somebody writes is a matter of the screen before them. */
export function useMode(): [Mode, (mode: Mode) => void] {
  const [mode, setMode] = useState<Mode>(() => {
    const known = read();
    return known === "write" || known === "read" ? known : "both";
  });
  return [
    mode,
    (next) => {
      setMode(next);
      try {
        // Nobody comes back to write and finds nothing to write in.
        if (next !== "read") localStorage.setItem(NAME, next);
      } catch {
        // Without storage it holds for this visit.
      }
    },
  ];
}

function read(): string | null {
  try {
    return localStorage.getItem(NAME);
  } catch {
    return null;
  }
}
