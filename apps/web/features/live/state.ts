/** How the connection is, for parts that are on the page before the connection's own code. */
import { useSyncExternalStore } from "react";

/** `closed`: nobody has asked for it yet. `lost`: it was there, or should have been, and is tried again. */
export type Connection = "closed" | "connecting" | "open" | "lost";

let connection: Connection = "closed";
const listeners = new Set<() => void>();

export function tellConnection(now: Connection): void {
  if (now === connection) return;
  connection = now;
  for (const listener of listeners) listener();
}

export function useConnection(): Connection {
  return useSyncExternalStore(
    subscribe,
    () => connection,
    () => "closed",
  );
}

/** Whether the browser says so: it knows before a connection is given up. */
export function useOnline(): boolean {
  return useSyncExternalStore(
    subscribeOnline,
    () => navigator.onLine,
    () => true,
  );
}

function subscribeOnline(listener: () => void): () => void {
  window.addEventListener("online", listener);
  window.addEventListener("offline", listener);
  return () => {
    window.removeEventListener("online", listener);
    window.removeEventListener("offline", listener);
  };
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
