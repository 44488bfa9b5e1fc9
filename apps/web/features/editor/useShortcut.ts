"use client";

import { useSyncExternalStore } from "react";

const never = () => () => undefined;
const isApple = () => /Mac|iPhone|iPad/.test(navigator.platform);

/** The label of a shortcut with the key that this machine has for it. */
export function useShortcut(): (key: string) => string {
  const apple = useSyncExternalStore(never, isApple, () => false);
  return (key) => (apple ? `⌘${key}` : `Ctrl ${key}`);
}
