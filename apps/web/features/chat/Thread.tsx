import type { Me } from "@dfworx/api";
import type { ThreadId } from "@dfworx/api/live";

export interface ThreadProps {
  threadId: ThreadId;
  me: Me;
  /** Null beside a post. */
  name: string | null;
  place: "page" | "panel";
  /** The one that the address means, by number or id. */
  message?: string | null;
}

/** What is said in a thread, and the place to say more. */
export function Thread(_props: ThreadProps) {
  return null;
}
