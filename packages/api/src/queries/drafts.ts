/** Writing posts. Each write names the version it was made from; what was saved in between is 412. */
import { queryOptions } from "@tanstack/react-query";

import { read, type Api } from "../client";
import type * as web from "../web.gen";

type Schemas = web.components["schemas"];

/** A post and the version of it that the person has before them. */
export interface PostAt {
  post_id: string;
  version: number;
}

const from = (post: PostAt) => ({ path: { post_id: post.post_id }, header: { "if-match": `"${post.version}"` } });

export function getPost(api: Api, postId: string) {
  return queryOptions({
    queryKey: ["posts", "by-id", postId],
    queryFn: ({ signal }) =>
      read(api.web.GET("/api/web/posts/{post_id}", { params: { path: { post_id: postId } }, signal })),
    staleTime: 0,
  });
}

/** `key` is the same as long as the same is sent again: it is then done once. */
export function createPost(api: Api, post: Schemas["PostCreate"], key: string) {
  return read(api.web.POST("/api/web/posts", { body: post, params: { header: { "Idempotency-Key": key } } }));
}

export function updatePost(api: Api, post: PostAt, changes: Schemas["PostUpdate"], key?: string) {
  const { path, header } = from(post);
  return read(
    api.web.PATCH("/api/web/posts/{post_id}", {
      body: changes,
      params: { path, header: key ? { ...header, "Idempotency-Key": key } : header },
    }),
  );
}

export function publishPost(api: Api, post: PostAt) {
  return read(api.web.POST("/api/web/posts/{post_id}/publish", { params: from(post) }));
}

export function archivePost(api: Api, post: PostAt) {
  return read(api.web.POST("/api/web/posts/{post_id}/archive", { params: from(post) }));
}

export function schedulePost(api: Api, post: PostAt, at: Date) {
  const body = { publish_at: at.toISOString() };
  return read(api.web.POST("/api/web/posts/{post_id}/schedule", { params: from(post), body }));
}

export function unschedulePost(api: Api, post: PostAt) {
  return read(api.web.POST("/api/web/posts/{post_id}/unschedule", { params: from(post) }));
}

/** Into the trash, where it stays for thirty days. */
export function trashPost(api: Api, post: PostAt) {
  return read(api.web.DELETE("/api/web/posts/{post_id}", { params: from(post) }));
}

/** Whatever version it has there: nobody edits in the trash. */
export function untrashPost(api: Api, postId: string) {
  return read(api.web.POST("/api/web/posts/{post_id}/restore", { params: { path: { post_id: postId } } }));
}

/** Publishes again what was archived, whatever its version is. */
export function unarchivePost(api: Api, postId: string) {
  return read(api.web.POST("/api/web/posts/{post_id}/publish", { params: { path: { post_id: postId } } }));
}
