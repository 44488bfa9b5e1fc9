"use client";

/** Messages and their threads among what is searched. They come over the live connection, whose code is loaded by the
 * first question: no page needs it to be read. */
import type { LiveMember, Message, Thread, ThreadId } from "@dfworx/api/live";
import { useApi } from "@dfworx/api/react";
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";

import { useConvexUrl } from "@/features/live/Live";

const THREADS_FRESH_MS = 5 * 60_000;

export interface FoundMessage {
  message: Message;
  author: Pick<LiveMember, "user_id" | "name" | "avatar_url"> | { user_id: string; name: null };
  /** Undefined beside a post, whose thread has no name of its own. */
  thread: Thread | undefined;
}

interface Asked {
  /** Words and filters, as convex/searching.ts takes them; nothing is asked without any. */
  text: string;
  threadId?: ThreadId;
  /** What was found before stays until the answer is here. */
  keeps?: boolean;
}

export function useFoundMessages({ text, threadId, keeps }: Asked) {
  const api = useApi();
  const url = useConvexUrl();
  const asks = text !== "";
  const found = useQuery({
    queryKey: ["live", "search", threadId ?? null, text],
    queryFn: async () => (await import("./askLive")).findMessages(api, url, text, threadId),
    enabled: asks,
    placeholderData: (before) => (keeps && asks ? before : undefined),
  });
  const named = useQuery({
    queryKey: ["live", "threadNames"],
    queryFn: async () => (await import("./askLive")).readThreads(api, url),
    enabled: asks,
    staleTime: THREADS_FRESH_MS,
  });
  const items = useMemo(() => {
    if (!found.data || !named.data) return undefined;
    const people = new Map(found.data.people.map((each) => [each.user_id, each]));
    const threads = new Map(named.data.map((each) => [each.thread_id, each]));
    return found.data.messages.map<FoundMessage>((message) => ({
      message,
      author: people.get(message.user_id) ?? { user_id: message.user_id, name: null },
      thread: threads.get(message.thread_id),
    }));
  }, [found.data, named.data]);
  const error = found.error ?? named.error;
  return {
    /** Undefined until they are here. */
    items: asks ? items : undefined,
    isWaiting: asks && !error && (items === undefined || found.isPlaceholderData),
    error: asks ? error : null,
    again: () => void Promise.all([found.refetch(), named.refetch()]),
  };
}
