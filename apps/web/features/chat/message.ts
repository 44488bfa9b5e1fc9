import type { LiveMember, Message, MessageId } from "@dfworx/api/live";

/** People by id; also who has left. */
export type People = ReadonlyMap<string, LiveMember>;

/** What can be done with a message from where it stands. */
export interface MessageDoing {
  reply: (message: Message) => void;
  edit: (message: Message) => void;
  /** It and what follows are new again, until one comes back. */
  markUnread: (message: Message) => void;
  /** Shows it among the others, and marks it for a moment. */
  jump: (message: Pick<Message, "message_id" | "number">) => void;
}

export type { Message, MessageId };
