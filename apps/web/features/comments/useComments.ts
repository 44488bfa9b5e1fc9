"use client";

import { listComments, type Comment, type Post } from "@dfworx/api";
import { useApi } from "@dfworx/api/react";
import { useInfiniteQuery, useQueryClient, type InfiniteData } from "@tanstack/react-query";
import { useMemo } from "react";

import { countComments } from "./threads";

type Pages = InfiniteData<{ items: Comment[]; next_cursor: string | null }, string | null>;

/** The comments that are at hand, each once, in the order of time. */
export function useComments(post: Post, { enabled }: { enabled: boolean }) {
  const query = useInfiniteQuery({ ...listComments(useApi(), post.post_id), enabled });
  const { data } = query;
  const comments = useMemo(() => {
    const byId = new Map(data?.pages.flatMap((page) => page.items).map((each) => [each.comment_id, each]));
    return [...byId.values()].sort((one, other) => Date.parse(one.created_at) - Date.parse(other.created_at));
  }, [data]);
  const here = countComments(comments);
  const count = data && !query.hasNextPage ? here : Math.max(post.comment_count, here);
  return { query, comments, count };
}

/** Changes what is shown, at once. */
export function useCachedComments(postId: string) {
  const queries = useQueryClient();
  const queryKey = ["comments", postId];
  const change = (act: (comments: Comment[]) => Comment[]) =>
    queries.setQueryData<Pages>(
      queryKey,
      (data) => data && { ...data, pages: data.pages.map((page) => ({ ...page, items: act(page.items) })) },
    );
  return {
    put: (comment: Comment) =>
      change((all) => all.map((each) => (each.comment_id === comment.comment_id ? comment : each))),
    /** One just written is the last, whatever lies between it and what has been loaded. */
    append(comment: Comment) {
      queries.setQueryData<Pages>(queryKey, (data) => {
        const last = data?.pages.at(-1);
        if (!data || !last) return data;
        return { ...data, pages: [...data.pages.slice(0, -1), { ...last, items: [...last.items, comment] }] };
      });
    },
    /** Those with answers stay, without their words. */
    remove(comment: Comment) {
      change((all) => {
        const answered = all.some((each) => each.parent_id === comment.comment_id);
        return answered
          ? all.map((each) =>
              each.comment_id === comment.comment_id ? { ...each, content: null, removed: true } : each,
            )
          : all.filter((each) => each.comment_id !== comment.comment_id);
      });
    },
    refresh: () => queries.invalidateQueries({ queryKey }),
    /** The lists of posts say how many comments there are. */
    recount: () => queries.invalidateQueries({ queryKey: ["posts"] }),
  };
}
