import type { Message, MessageId, ThreadId } from "@dfworx/api/live";
import type { Me } from "@dfworx/api";

export interface OutgoingItem {
  /** Of its own making: the deployment takes each once. Message.key is the same when it has arrived. */
  key: string;
  text: string;
  replyTo: MessageId | null;
  attachments: Message["attachments"];
  writtenAt: number;
  state: "sending" | "waiting" | "failed";
  /** A sentence; only when failed. */
  problem: string | null;
}

export interface Outgoing {
  items: OutgoingItem[];
  send: (text: string, replyTo: MessageId | null, attachments: Message["attachments"]) => void;
  again: (item: OutgoingItem) => void;
  discard: (item: OutgoingItem) => void;
}

export function useOutgoing(_threadId: ThreadId, _me: Me): Outgoing {
  return { items: [], send: () => undefined, again: () => undefined, discard: () => undefined };
}
