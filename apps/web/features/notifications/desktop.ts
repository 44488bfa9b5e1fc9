"use client";

/** Notifications of the browser itself, as long as somebody has asked for them on this device. */
import { useSyncExternalStore } from "react";

const KEY = "dfworx.desktop";
const CHANGED = "dfworx:desktop";

/** `blocked`: the browser was told not to show any, and only there can that be taken back. */
export type Desktop = "on" | "off" | "blocked" | "unsupported";

export function useDesktop(): Desktop {
  return useSyncExternalStore(subscribe, desktop, () => "off");
}

export function desktop(): Desktop {
  if (!("Notification" in window)) return "unsupported";
  if (Notification.permission === "denied") return "blocked";
  return Notification.permission === "granted" && kept() ? "on" : "off";
}

/** False when it didn't become so. */
export async function setDesktop(on: boolean): Promise<boolean> {
  const granted = !on || (await Notification.requestPermission()) === "granted";
  try {
    if (on && granted) localStorage.setItem(KEY, "on");
    else localStorage.removeItem(KEY);
  } catch {
    return !on;
  } finally {
    window.dispatchEvent(new Event(CHANGED));
  }
  return granted;
}

export interface Notice {
  /** Shown once, however many tabs are told. */
  id: string;
  title: string;
  body: string;
}

export function showOnDesktop({ id, title, body }: Notice, pressed: () => void): void {
  try {
    const notice = new Notification(title, { body, tag: id });
    notice.onclick = () => {
      window.focus();
      notice.close();
      pressed();
    };
  } catch {
    // Browsers of phones have the name and no way to use it from a page.
  }
}

function kept(): boolean {
  try {
    return localStorage.getItem(KEY) === "on";
  } catch {
    return false;
  }
}

function subscribe(changed: () => void): () => void {
  window.addEventListener(CHANGED, changed);
  window.addEventListener("storage", changed);
  return () => {
    window.removeEventListener(CHANGED, changed);
    window.removeEventListener("storage", changed);
  };
}
