"use client";

import { useEffect, useState } from "react";

const BEHIND_MS = 250;

/** What is in a field, and the same a moment after the last key, for asking. */
export function useTyped(): [string, (typed: string) => void, string] {
  const [typed, setTyped] = useState("");
  const [asked, setAsked] = useState("");
  useEffect(() => {
    const timer = setTimeout(() => setAsked(typed.trim()), BEHIND_MS);
    return () => clearTimeout(timer);
  }, [typed]);
  return [typed, setTyped, asked];
}
