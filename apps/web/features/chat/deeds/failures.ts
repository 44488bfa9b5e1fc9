/** Why the last deed at a message wasn't done: kept beside the messages, as what was pressed is gone with the pointer. */
import type { MessageId } from "@dfworx/api/live";
import { useSyncExternalStore } from "react";

const failures = new Map<MessageId, string>();
const listeners = new Set<() => void>();

/** Null when it went well, or is tried again. */
export function tellFailure(message: MessageId, reason: string | null): void {
  if ((failures.get(message) ?? null) === reason) return;
  if (reason === null) failures.delete(message);
  else failures.set(message, reason);
  for (const listener of listeners) listener();
}

export function useFailure(message: MessageId): string | undefined {
  return useSyncExternalStore(
    subscribe,
    () => failures.get(message),
    () => undefined,
  );
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
