import type { Thread } from "@dfworx/api/live";

/** The organization's own has none: it is called as the language calls everybody. */
export function nameOf(thread: Thread, everyone: string): string {
  return thread.name ?? everyone;
}
