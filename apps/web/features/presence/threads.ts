import type { Thread } from "@dfworx/api/live";

/** The organization's own has none. */
export function nameOfThread(thread: Pick<Thread, "name">, everyone: string): string {
  return thread.name ?? everyone;
}
