import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";

import { read, type Api } from "../client";

export const POST_STATUSES = ["published", "draft", "archived", "trashed"] as const;
export type PostStatus = (typeof POST_STATUSES)[number];

export interface PostFilters {
  status?: PostStatus;
  /** A category's slug. */
  category?: string;
  /** A person's user_id. */
  author?: string;
  /** Only what the reader has not opened yet: published posts of others, whatever the status says. */
  unread?: true;
}

export const POSTS_A_PAGE = 30;

export function listPosts(api: Api, filters: PostFilters) {
  return infiniteQueryOptions({
    queryKey: ["posts", "list", filters],
    queryFn: ({ pageParam, signal }) => {
      const { unread, status, ...narrowed } = filters;
      const query = { ...narrowed, cursor: pageParam, limit: POSTS_A_PAGE };
      return read(
        unread
          ? api.web.GET("/api/web/posts/unread", { params: { query }, signal })
          : api.web.GET("/api/web/posts", { params: { query: { ...query, ...(status && { status }) } }, signal }),
      );
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
  });
}

export function getPostBySlug(api: Api, slug: string) {
  return queryOptions({
    queryKey: ["posts", "by-slug", slug],
    queryFn: ({ signal }) => read(api.web.GET("/api/web/posts/by-slug/{slug}", { params: { path: { slug } }, signal })),
  });
}

/** What leads to a post of which only the id is known. */
export function getPostAddress(api: Api, postId: string) {
  return queryOptions({
    queryKey: ["posts", "address", postId],
    queryFn: async ({ signal }) => {
      const { slug, title } = await read(
        api.web.GET("/api/web/posts/{post_id}", { params: { path: { post_id: postId } }, signal }),
      );
      return { slug, title };
    },
    staleTime: 5 * 60_000,
  });
}
