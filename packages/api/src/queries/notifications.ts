import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";

import { read, type Api } from "../client";
import type { components } from "../web.gen";

export type Notification = components["schemas"]["Notification"];
/** The count ends here: it says that there are more than 99. */
export const MOST_UNREAD = 100;
const PAGE = 50;

export const notificationKeys = {
  all: ["notifications"] as const,
  lists: ["notifications", "list"] as const,
  list: (onlyUnread: boolean) => ["notifications", "list", { onlyUnread }] as const,
  count: ["notifications", "count"] as const,
  mute: (postId: string) => ["posts", "mute", postId] as const,
};

export function listNotifications(api: Api, onlyUnread: boolean) {
  return infiniteQueryOptions({
    queryKey: notificationKeys.list(onlyUnread),
    queryFn: ({ pageParam, signal }) =>
      read(
        api.web.GET("/api/web/notifications", {
          params: { query: { unread: onlyUnread, cursor: pageParam, limit: PAGE } },
          signal,
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
  });
}

/** Asked again each minute while the page is seen: nobody has to reload to be told. */
export function countUnread(api: Api) {
  return queryOptions({
    queryKey: notificationKeys.count,
    queryFn: async ({ signal }) => (await read(api.web.GET("/api/web/notifications/unread-count", { signal }))).count,
    refetchInterval: 60_000,
  });
}

export function getMute(api: Api, postId: string) {
  return queryOptions({
    queryKey: notificationKeys.mute(postId),
    queryFn: async ({ signal }) =>
      (await read(api.web.GET("/api/web/posts/{post_id}/mute", { params: { path: { post_id: postId } }, signal })))
        .muted,
  });
}

/** The newest unread ones, at most a page as large as the service gives: what "mark all read" can take back. */
export async function listUnread(api: Api): Promise<{ items: Notification[]; more: boolean }> {
  const page = await read(api.web.GET("/api/web/notifications", { params: { query: { unread: true, limit: 100 } } }));
  return { items: page.items, more: page.next_cursor !== null };
}

/** So many of the newest unread ones. */
export async function listNewest(api: Api, limit: number): Promise<Notification[]> {
  return (await read(api.web.GET("/api/web/notifications", { params: { query: { unread: true, limit } } }))).items;
}

export function setRead(api: Api, notificationId: string, isRead: boolean): Promise<unknown> {
  const params = { path: { notification_id: notificationId } };
  return read(
    isRead
      ? api.web.POST("/api/web/notifications/{notification_id}/read", { params })
      : api.web.POST("/api/web/notifications/{notification_id}/unread", { params }),
  );
}

/** All up to the newest that was shown; what came since stays unread. */
export function markAllRead(api: Api, until: string): Promise<unknown> {
  return read(api.web.POST("/api/web/notifications/read-all", { body: { until } }));
}

/** All about a post and its comments, as when it is opened. */
export function markPostRead(api: Api, postId: string): Promise<unknown> {
  return read(api.web.POST("/api/web/notifications/read", { body: { post_id: postId } }));
}

export function setMute(api: Api, postId: string, muted: boolean): Promise<unknown> {
  const params = { path: { post_id: postId } };
  return read(
    muted
      ? api.web.PUT("/api/web/posts/{post_id}/mute", { params })
      : api.web.DELETE("/api/web/posts/{post_id}/mute", { params }),
  );
}
