/** By which the composer of a thread is focused. */
export const MESSAGE_COMPOSER = "message-composer";

/** In characters; messages.ts of convex/ has the same. */
export const LONGEST = 40_000;
