import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";

import { read, type Api } from "../client";
import type * as web from "../web.gen";

/** What the post said, newest first, as far as the caller was shown it. */
export function listRevisions(api: Api, postId: string) {
  return infiniteQueryOptions({
    queryKey: ["revisions", postId, "list"],
    queryFn: ({ pageParam, signal }) =>
      read(
        api.web.GET("/api/web/posts/{post_id}/revisions", {
          params: { path: { post_id: postId }, query: { cursor: pageParam, limit: 30 } },
          signal,
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
  });
}

export function getRevision(api: Api, postId: string, version: number) {
  return queryOptions({
    queryKey: ["revisions", postId, "one", version],
    queryFn: ({ signal }) =>
      read(
        api.web.GET("/api/web/posts/{post_id}/revisions/{version}", {
          params: { path: { post_id: postId, version } },
          signal,
        }),
      ),
  });
}

/** What changed from `against` to the version; without it, from the version before. */
export function compareRevisions(api: Api, postId: string, version: number, against?: number) {
  return queryOptions({
    queryKey: ["revisions", postId, "difference", version, against ?? "before"],
    queryFn: ({ signal }) =>
      read(
        api.web.GET("/api/web/posts/{post_id}/revisions/{version}/diff", {
          params: { path: { post_id: postId, version }, query: against === undefined ? {} : { against } },
          signal,
        }),
      ),
  });
}

/** The post gets the words of a version as a new one. `postVersion` is the one that it has now. */
export function restoreRevision(
  api: Api,
  postId: string,
  version: number,
  postVersion: number,
): Promise<web.components["schemas"]["Revision"]> {
  return read(
    api.web.POST("/api/web/posts/{post_id}/revisions/{version}/restore", {
      params: { path: { post_id: postId, version }, header: { "if-match": `"${postVersion}"` } },
    }),
  );
}
