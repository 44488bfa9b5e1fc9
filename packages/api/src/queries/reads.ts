import { queryOptions } from "@tanstack/react-query";

import { read, type Api } from "../client";
import type { components } from "../web.gen";

type Schemas = components["schemas"];
export type Read = Schemas["Read"];

export const readKeys = {
  all: ["reads"] as const,
  lists: ["reads", "list"] as const,
  count: ["reads", "count"] as const,
};

/** What is new to the reader on some posts, at most a hundred: beside their list, which is the same for everybody. */
export function listReads(api: Api, postIds: string[]) {
  return queryOptions({
    queryKey: [...readKeys.lists, postIds],
    queryFn: async ({ signal }) =>
      (await read(api.web.GET("/api/web/reads", { params: { query: { post_id: postIds } }, signal }))).items,
    // What was read in another tab, or on the phone.
    refetchOnWindowFocus: "always",
  });
}

/** Asked again each minute while the page is seen, as what one was told is. */
export function countUnreadPosts(api: Api) {
  return queryOptions({
    queryKey: readKeys.count,
    queryFn: ({ signal }) => read(api.web.GET("/api/web/reads/unread-count", { signal })),
    refetchInterval: 60_000,
    refetchOnWindowFocus: "always",
  });
}

export async function readPost(api: Api, postId: string): Promise<void> {
  await read(api.web.PUT("/api/web/posts/{post_id}/read", { params: { path: { post_id: postId } } }));
}

/** All that was counted until then; what came since stays unread. */
export async function readAllPosts(api: Api, until: string): Promise<void> {
  await read(api.web.POST("/api/web/reads/all", { body: { until } }));
}
