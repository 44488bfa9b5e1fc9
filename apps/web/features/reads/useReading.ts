"use client";

/** Reading a post, and marking all as read: seen in lists and counts in the same frame. */
import { readAllPosts, readKeys, readPost, type PostFilters, type Read, type WebSchemas } from "@dfworx/api";
import { useApi } from "@dfworx/api/react";
import { useMutation, useQueryClient, type Query, type QueryClient } from "@tanstack/react-query";

type Count = WebSchemas["UnreadPosts"];
const MOST_COUNTED = 100;

export function useReading() {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (postId: string) => readPost(api, postId),
    onMutate: (postId) => change(queries, postId),
    onError: (_error, _postId, before) => before?.(),
    onSettled: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: readKeys.count }),
        queries.invalidateQueries({ predicate: isUnreadList, refetchType: "none" }),
      ]),
  });
}

export function useReadingAll() {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (until: string) => readAllPosts(api, until),
    onMutate: () => change(queries, null),
    onError: (_error, _until, before) => before?.(),
    onSettled: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: readKeys.all }),
        queries.invalidateQueries({ predicate: isUnreadList }),
      ]),
  });
}

/** The lists of nothing but unread posts: what was read goes from them when they are next seen, not from under the eyes. */
function isUnreadList({ queryKey: [first, second, filters] }: Query): boolean {
  return first === "posts" && second === "list" && (filters as PostFilters | undefined)?.unread === true;
}

/** Writes it into what is shown, `null` being all, and gives what takes it back. */
async function change(queries: QueryClient, postId: string | null): Promise<() => void> {
  await queries.cancelQueries({ queryKey: readKeys.all });
  const lists = queries.getQueriesData<Read[]>({ queryKey: readKeys.lists });
  const count = queries.getQueryData<Count>(readKeys.count);
  const known = lists.flatMap(([, reads = []]) => reads);
  const wasUnread = known.some((each) => each.post_id === postId && each.is_unread);
  queries.setQueriesData<Read[]>({ queryKey: readKeys.lists }, (reads) =>
    reads?.map((each) =>
      postId === null || each.post_id === postId ? { ...each, is_unread: false, new_comments: 0 } : each,
    ),
  );
  // Of more than ninety-nine one less may be as many.
  if (count && (postId === null || (wasUnread && count.count < MOST_COUNTED)))
    queries.setQueryData<Count>(readKeys.count, { ...count, count: postId === null ? 0 : count.count - 1 });
  return () => {
    for (const [key, reads] of lists) queries.setQueryData(key, reads);
    queries.setQueryData(readKeys.count, count);
  };
}
