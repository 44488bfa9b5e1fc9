"use client";

import { live } from "@dfworx/api/live";
import { useMemo } from "react";

import { useFeed } from "@/features/live/cache";
import { useWatched } from "@/features/live/useWatched";

import { idIn, useCurrentPlace } from "./place";
import { countUnread, unreadIn } from "./unread";

export function ChatFeed() {
  const threads = useWatched(live.threads.list, {});
  const tallies = useWatched(live.threads.counts, {});
  const marks = useWatched(live.reads.mine, {});
  useFeed("threads", threads);
  useFeed(
    "chat",
    useMemo(
      () => (threads && tallies && marks ? { unread: countUnread(threads, tallies, marks) } : undefined),
      [threads, tallies, marks],
    ),
  );

  const post_id = idIn(useCurrentPlace(), "post");
  const tally = useWatched(live.threads.countForPost, post_id ? { post_id } : "skip");
  useFeed(
    "postThread",
    useMemo(
      () =>
        post_id && tally !== undefined && marks
          ? { post_id, tally, unread: tally && unreadIn(tally, marks) }
          : undefined,
      [post_id, tally, marks],
    ),
  );
  return null;
}
