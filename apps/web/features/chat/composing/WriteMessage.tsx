import type { Message, ThreadId } from "@dfworx/api/live";
import type { Me } from "@dfworx/api";

import type { People } from "../message";
import type { Outgoing } from "./useOutgoing";

export interface WriteMessageProps {
  threadId: ThreadId;
  /** For "Message lost-sessions"; null beside a post. */
  name: string | null;
  me: Me;
  people: People;
  mode: { kind: "new" } | { kind: "reply"; to: Message } | { kind: "edit"; message: Message };
  /** Back to a new message: sent, or given up. */
  done: () => void;
  /** The person's newest message, for the up-arrow. */
  last: Message | undefined;
  edit: (message: Message) => void;
  outgoing: Outgoing;
}

/** The place to write, with who else is typing above it. */
export function WriteMessage(_props: WriteMessageProps) {
  return null;
}
