import type { Comment } from "@dfworx/api";

/** Of the words of a comment: changed, they are others. */
export function keyOfText(comment: Pick<Comment, "comment_id" | "version">): string {
  return `${comment.comment_id} ${comment.version}`;
}

/** Tells its ids from those of other texts on the page. */
export function scopeOf(commentId: string): string {
  return `comment-${commentId}`;
}
