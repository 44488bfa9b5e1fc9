import type { Me } from "@dfworx/api";

import type { Outgoing, OutgoingItem } from "./useOutgoing";

export interface OutgoingMessageProps {
  item: OutgoingItem;
  me: Me;
  outgoing: Outgoing;
  /** Under another message of the same person: without avatar and name. */
  isGrouped: boolean;
}

/** A message on its way, at the end of the thread. */
export function OutgoingMessage(_props: OutgoingMessageProps) {
  return null;
}
