/** What Ambient puts into React Query's cache, for parts of a page that are there before the connection's own code. */
import type { LiveMember, Presence, Thread, ThreadTally } from "@dfworx/api/live";
import { skipToken, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";

export interface LiveData {
  presence: Presence[];
  /** Who is here, by name. */
  people: LiveMember[];
  threads: Thread[];
  chat: { unread: number };
  /** Beside the post that is open. */
  postThread: PostThread;
}

export interface PostThread {
  post_id: string;
  /** Null as long as nobody has opened it. */
  tally: ThreadTally | null;
  /** What was said since the person was last in it; null who never was. */
  unread: number | null;
}

const keyOf = (name: keyof LiveData) => ["live", name] as const;

/** Undefined until it is there. */
export function useLive<Name extends keyof LiveData>(name: Name): LiveData[Name] | undefined {
  return useQuery<LiveData[Name]>({ queryKey: keyOf(name), queryFn: skipToken }).data;
}

export function useFeed<Name extends keyof LiveData>(name: Name, value: LiveData[Name] | undefined): void {
  const queries = useQueryClient();
  useEffect(() => {
    // Kept though nobody looks at it just now: what doesn't change isn't told again.
    queries.setQueryDefaults(["live"], { gcTime: Infinity });
    if (value !== undefined) queries.setQueryData<LiveData[Name]>(keyOf(name), value);
  }, [queries, name, value]);
}
