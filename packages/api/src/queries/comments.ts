import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";

import { read, type Api } from "../client";
import type * as web from "../web.gen";

type Comment = web.components["schemas"]["Comment"];

/** In the order in which they were written, so that each comes after what it answers. */
export function listComments(api: Api, postId: string) {
  return infiniteQueryOptions({
    queryKey: ["comments", postId],
    queryFn: ({ pageParam, signal }) =>
      read(
        api.web.GET("/api/web/posts/{post_id}/comments", {
          params: { path: { post_id: postId }, query: { cursor: pageParam, limit: 50 } },
          signal,
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
  });
}

export function getComment(api: Api, commentId: string) {
  return queryOptions({
    queryKey: ["comment", commentId],
    queryFn: ({ signal }) =>
      read(api.web.GET("/api/web/comments/{comment_id}", { params: { path: { comment_id: commentId } }, signal })),
  });
}

export interface NewComment {
  postId: string;
  /** The comment that it answers; null begins a thread. */
  parentId: string | null;
  content: string;
  /** The same for each time that it is sent, so that it is written once. */
  key: string;
}

export function createComment(api: Api, { postId, parentId, content, key }: NewComment): Promise<Comment> {
  return read(
    api.web.POST("/api/web/posts/{post_id}/comments", {
      params: { path: { post_id: postId }, header: { "Idempotency-Key": key } },
      body: { content, parent_id: parentId },
    }),
  );
}

/** Changes the words, when they are still those of this version. */
export function updateComment(api: Api, comment: Comment, content: string): Promise<Comment> {
  return read(
    api.web.PATCH("/api/web/comments/{comment_id}", {
      params: { path: { comment_id: comment.comment_id }, header: { "if-match": `"${comment.version}"` } },
      body: { content },
    }),
  );
}

export async function deleteComment(api: Api, comment: Comment): Promise<void> {
  await read(
    api.web.DELETE("/api/web/comments/{comment_id}", {
      params: { path: { comment_id: comment.comment_id }, header: { "if-match": `"${comment.version}"` } },
    }),
  );
}

/** Says that a thread is settled, or isn't after all. */
export function resolveComment(api: Api, commentId: string, resolved: boolean): Promise<Comment> {
  const where = { params: { path: { comment_id: commentId } } };
  return read(
    resolved
      ? api.web.POST("/api/web/comments/{comment_id}/resolve", where)
      : api.web.POST("/api/web/comments/{comment_id}/unresolve", where),
  );
}
