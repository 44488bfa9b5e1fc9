"use client";

import { live, type Thread, type ThreadId } from "@dfworx/api/live";
import { useQueries } from "convex/react";
import { useMemo } from "react";

export interface ListedThread {
  thread: Thread;
  /** When something was said last. */
  lastAt: number | null;
  unread: number;
}

const ASKED = {
  threads: { query: live.threads.list, args: {} },
  counts: { query: live.threads.counts, args: {} },
  reads: { query: live.reads.mine, args: {} },
};

interface Told {
  threads: (typeof live.threads.list)["_returnType"] | Error | undefined;
  counts: (typeof live.threads.counts)["_returnType"] | Error | undefined;
  reads: (typeof live.reads.mine)["_returnType"] | Error | undefined;
}

export interface Threads {
  /** Undefined until they are here. */
  listed: ListedThread[] | undefined;
  /** Up to which number one has read each; undefined until it is known. */
  marks: ReadonlyMap<ThreadId, number> | undefined;
  error: Error | null;
}

export function useThreads(): Threads {
  const { threads, counts, reads } = useQueries(ASKED) as unknown as Told;
  return useMemo(() => {
    const error = [threads, counts, reads].find((each) => each instanceof Error) ?? null;
    if (error instanceof Error) return { listed: undefined, marks: undefined, error };
    const marks = Array.isArray(reads) ? new Map(reads.map((each) => [each.thread_id, each.number])) : undefined;
    if (!Array.isArray(threads)) return { listed: undefined, marks, error: null };
    const tallies = new Map(Array.isArray(counts) ? counts.map((each) => [each.thread_id, each]) : []);
    const listed = threads.map((thread) => {
      const tally = tallies.get(thread.thread_id);
      const read = marks?.get(thread.thread_id) ?? 0;
      return {
        thread,
        lastAt: tally?.last_at ?? null,
        unread: marks && tally ? Math.max(0, tally.messages - read) : 0,
      };
    });
    return { listed, marks, error: null };
  }, [threads, counts, reads]);
}

const READS = { reads: { query: live.reads.mine, args: {} } };

/** Up to which number one has read this thread; undefined until it is known. */
export function useMark(threadId: ThreadId): number | undefined {
  const { reads } = useQueries(READS) as unknown as Pick<Told, "reads">;
  if (reads === undefined) return undefined;
  return Array.isArray(reads) ? (reads.find((each) => each.thread_id === threadId)?.number ?? 0) : 0;
}
