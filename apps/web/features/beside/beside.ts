/** What lies beside a post. */
export type Tab = "thread" | "comments";

/** What somebody wants beside what they read, on this device: a tab or "closed". A cookie, so that the server lays out
 * the page as it will be. */
export const BESIDE_COOKIE = "beside_post";

/** Null for nothing. Without a wish, comments where there are any. */
export function tabBeside(wish: string | undefined, comments: number): Tab | null {
  if (wish === "thread" || wish === "closed") return wish === "thread" ? wish : null;
  return wish === "comments" || comments > 0 ? "comments" : null;
}

export interface Meant {
  /** Null when the address says nothing of what lies beside. */
  tab: Tab | null;
  commentId: string | null;
  /** A message's number, or its id. */
  message: string | null;
}

export function readHash(hash: string): Meant {
  const commentId = /^#comment-([0-9a-f-]{36})$/i.exec(hash)?.[1]?.toLowerCase() ?? null;
  const message = /^#message-(-\d{1,16}|[0-9a-z]{1,64})$/i.exec(hash)?.[1] ?? null;
  const isThread = message !== null || hash === hashOfTab("thread");
  const isComments = commentId !== null || hash === hashOfTab("comments");
  return { tab: isThread ? "thread" : isComments ? "comments" : null, commentId, message };
}

export function hashOfTab(tab: Tab): string {
  return `#${tab}`;
}
