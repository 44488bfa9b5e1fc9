"use client";

import { live } from "@dfworx/api/live";

import { useFeed } from "@/features/live/cache";
import { useWatched } from "@/features/live/useWatched";

/** As many as the deployment names at a time. */
const MOST_NAMED = 200;

export function PresenceFeed() {
  const here = useWatched(live.presence.list, {});
  const ids = here?.map((each) => each.user_id).slice(0, MOST_NAMED);
  const people = useWatched(live.members.named, ids ? { user_ids: ids.sort() } : "skip");
  useFeed("presence", here);
  useFeed("people", people);
  return null;
}
