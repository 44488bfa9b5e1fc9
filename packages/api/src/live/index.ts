/** What is live in an app beside Convex's own hooks: a post's text while several people write it. */
export { fromReact, type LiveClient } from "./client";
export { LiveDocument, type Standing } from "./document";
