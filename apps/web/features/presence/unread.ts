import type { Thread, ThreadTally } from "@dfworx/api/live";

type Mark = Pick<ThreadTally, "thread_id"> & { number: number };

/** In all that is open; what was archived asks for nothing. */
export function countUnread(
  threads: Pick<Thread, "thread_id" | "archived_at">[],
  tallies: Pick<ThreadTally, "thread_id" | "messages">[],
  marks: Mark[],
): number {
  const read = new Map(marks.map((each) => [each.thread_id, each.number]));
  const archived = new Set(threads.filter((each) => each.archived_at !== null).map((each) => each.thread_id));
  return tallies
    .filter((each) => !archived.has(each.thread_id))
    .reduce((sum, each) => sum + Math.max(0, each.messages - (read.get(each.thread_id) ?? 0)), 0);
}

/** Null for who was never in it. */
export function unreadIn(tally: Pick<ThreadTally, "thread_id" | "messages">, marks: Mark[]): number | null {
  const mark = marks.find((each) => each.thread_id === tally.thread_id);
  return mark ? Math.max(0, tally.messages - mark.number) : null;
}

/** All that stands in a thread: what was imported is numbered apart. */
export function countSaid(tally: Pick<ThreadTally, "messages" | "imported"> | null | undefined): number {
  return tally ? tally.messages + tally.imported : 0;
}
