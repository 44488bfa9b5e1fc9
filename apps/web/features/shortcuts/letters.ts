"use client";

import { useSyncExternalStore } from "react";

const KEY = "dfworx.letters";
const CHANGED = "dfworx:letters";

/** Whether single letters do things, chosen on this device: whoever speaks to their machine must be able to end it. */
export function useLetters(): [boolean, (on: boolean) => void] {
  const on = useSyncExternalStore(subscribe, lettersAreOn, () => true);
  return [
    on,
    (chosen) => {
      if (chosen) localStorage.removeItem(KEY);
      else localStorage.setItem(KEY, "off");
      window.dispatchEvent(new Event(CHANGED));
    },
  ];
}

export function lettersAreOn(): boolean {
  return localStorage.getItem(KEY) !== "off";
}

function subscribe(changed: () => void): () => void {
  window.addEventListener(CHANGED, changed);
  window.addEventListener("storage", changed);
  return () => {
    window.removeEventListener(CHANGED, changed);
    window.removeEventListener("storage", changed);
  };
}

const never = () => () => undefined;

/** Whether the machine's chords are made with ⌘. */
export function useIsApple(): boolean {
  return useSyncExternalStore(
    never,
    () => /Mac|iPhone|iPad/.test(navigator.platform),
    () => false,
  );
}
