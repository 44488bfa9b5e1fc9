/** Whether somebody wants comments beside what they read, on this device: a cookie, so that the server lays out the
 * page as it will be. */
export const BESIDE_COOKIE = "beside_post";

/** Without a wish, where there is something to read. */
export function opensBeside(wish: string | undefined, comments: number): boolean {
  return wish === "open" || (wish !== "closed" && comments > 0);
}

export const PANEL_HASH = "#comments";

/** What an address's hash says of comments: that they are shown, and which one is meant. */
export function readHash(hash: string): { opens: boolean; commentId: string | null } {
  const commentId = /^#comment-([0-9a-f-]{36})$/i.exec(hash)?.[1]?.toLowerCase() ?? null;
  return { opens: commentId !== null || hash === PANEL_HASH, commentId };
}
