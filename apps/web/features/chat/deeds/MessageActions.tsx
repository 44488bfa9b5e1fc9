import type { Me } from "@dfworx/api";
import type { Message } from "@dfworx/api/live";

import type { MessageDoing } from "../message";

export interface MessageActionsProps {
  message: Message;
  me: Me;
  doing: MessageDoing;
}

/** The bar at a message under the pointer or focus: react, reply, pin, and more in a menu. */
export function MessageActions(_props: MessageActionsProps) {
  return null;
}
