/**
 * Comments come as one list in the order of time. What a reader sees are threads: a comment that begins one, and under
 * it all that answers it or an answer to it, indented once.
 */
import type { Comment } from "@dfworx/api";

export interface Answer {
  comment: Comment;
  /** Whom it answers, when that isn't the comment that began the thread. */
  to: Comment | null;
}

export interface Thread {
  first: Comment;
  answers: Answer[];
}

/** Threads in the order in which they began. An answer stands after what it answers, so one pass is enough. */
export function toThreads(comments: readonly Comment[]): Thread[] {
  const known = new Map<string, { comment: Comment; thread: Thread }>();
  const threads: Thread[] = [];
  for (const comment of comments) {
    const answered = comment.parent_id ? known.get(comment.parent_id) : undefined;
    const thread = answered?.thread ?? { first: comment, answers: [] };
    if (answered) {
      const to = answered.comment === thread.first ? null : answered.comment;
      thread.answers.push({ comment, to });
    } else {
      threads.push(thread);
    }
    known.set(comment.comment_id, { comment, thread });
  }
  return threads;
}

/** The comment that began the thread in which this one stands: what an answer is written under. */
export function threadOf(threads: readonly Thread[], commentId: string): Thread | undefined {
  return threads.find(
    ({ first, answers }) =>
      first.comment_id === commentId || answers.some(({ comment }) => comment.comment_id === commentId),
  );
}

/** Removed ones keep their place while they have answers, but are no comments any more. */
export function countComments(comments: readonly Comment[]): number {
  return comments.filter((each) => !each.removed).length;
}

/** Its words on one line, without the marks of Markdown that a reader would stumble over. */
export function lineOf(content: string): string {
  return content
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replace(/^[ \t]*(```\S*|#{1,6}|>|[-*+]|\d+\.)[ \t]*/gm, "")
    .replace(/\*\*|__|~~|`/g, "")
    .replace(/\s+/g, " ")
    .trim()
    .slice(0, 200);
}
