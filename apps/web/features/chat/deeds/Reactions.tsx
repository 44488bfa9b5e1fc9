import type { Me } from "@dfworx/api";
import type { Message } from "@dfworx/api/live";

import type { People } from "../message";

export interface ReactionsProps {
  message: Message;
  me: Me;
  people: People;
}

/** Under a message: who has reacted how, and its tags. */
export function Reactions(_props: ReactionsProps) {
  return null;
}
