"use client";

import { live, type BesidePost, type Thread, type ThreadId } from "@dfworx/api/live";
import { useQueries } from "convex/react";
import { useMemo } from "react";

export interface ListedThread {
  thread: Thread | BesidePost;
  /** When something was said last. */
  lastAt: number | null;
  unread: number;
}

const ASKED = {
  threads: { query: live.threads.list, args: {} },
  counts: { query: live.threads.counts, args: {} },
  reads: { query: live.reads.mine, args: {} },
  beside: { query: live.threads.besidePosts, args: {} },
};

interface Told {
  threads: (typeof live.threads.list)["_returnType"] | Error | undefined;
  counts: (typeof live.threads.counts)["_returnType"] | Error | undefined;
  reads: (typeof live.reads.mine)["_returnType"] | Error | undefined;
  beside: BesidePost[] | Error | undefined;
}

export interface Threads {
  /** Undefined until they are here. */
  listed: ListedThread[] | undefined;
  /** Up to which number one has read each; undefined until it is known. */
  marks: ReadonlyMap<ThreadId, number> | undefined;
  error: Error | null;
}

export function useThreads(): Threads {
  const { threads, counts, reads, beside } = useQueries(ASKED) as unknown as Told;
  return useMemo(() => {
    const error = [threads, counts, reads].find((each) => each instanceof Error) ?? null;
    if (error instanceof Error) return { listed: undefined, marks: undefined, error };
    const marks = Array.isArray(reads) ? new Map(reads.map((each) => [each.thread_id, each.number])) : undefined;
    if (!Array.isArray(threads)) return { listed: undefined, marks, error: null };
    // Those beside posts come later, or not at all: the others don't wait for them.
    const besidePosts = Array.isArray(beside) ? beside : [];
    const tallied = [...(Array.isArray(counts) ? counts : []), ...besidePosts];
    const tallies = new Map(tallied.map((each) => [each.thread_id, each]));
    const listed = [...threads, ...besidePosts].map((thread) => {
      const tally = tallies.get(thread.thread_id);
      const read = marks?.get(thread.thread_id) ?? 0;
      return {
        thread,
        lastAt: tally?.last_at ?? null,
        unread: marks && tally ? Math.max(0, tally.messages - read) : 0,
      };
    });
    return { listed, marks, error: null };
  }, [threads, counts, reads, beside]);
}

const READS = { reads: { query: live.reads.mine, args: {} } };

/** Up to which number one has read this thread; undefined until it is known. */
export function useMark(threadId: ThreadId): number | undefined {
  const { reads } = useQueries(READS) as unknown as Pick<Told, "reads">;
  if (reads === undefined) return undefined;
  return Array.isArray(reads) ? (reads.find((each) => each.thread_id === threadId)?.number ?? 0) : 0;
}
