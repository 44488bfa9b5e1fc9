/** The rows of a thread: what stands above a message, and whether it goes on under the one before. */
import type { Message } from "@dfworx/api/live";

import type { OutgoingItem } from "./composing/useOutgoing";

const GROUPED_MS = 5 * 60_000;

interface Row {
  key: string;
  /** The first of its day. */
  day: number | null;
  /** Goes on under the one before: without avatar and name. */
  isGrouped: boolean;
}

export interface MessageRow extends Row {
  kind: "message";
  message: Message;
  /** The first that wasn't read when one came. */
  isNew: boolean;
}

export interface OutgoingRow extends Row {
  kind: "outgoing";
  item: OutgoingItem;
}

export type ThreadRow = MessageRow | OutgoingRow;

interface Asked {
  messages: readonly Message[];
  outgoing: readonly OutgoingItem[];
  meId: string;
  /** Up to which number all was read when one came; null without a divider. */
  readUntil: number | null;
  /** The calendar's day of a moment, for the reader. */
  dayOf: (at: number) => string;
}

export function toRows({ messages, outgoing, meId, readUntil, dayOf }: Asked): ThreadRow[] {
  const rows: ThreadRow[] = [];
  let before: { userId: string; at: number; day: string } | null = null;
  let isDivided = readUntil === null;
  /** Nothing goes on under a stone, nor a stone under anything. */
  const place = (userId: string, at: number, isApart: boolean) => {
    const day = dayOf(at);
    const isFirst: boolean = before?.day !== day;
    const isGrouped: boolean = !isApart && !isFirst && before?.userId === userId && at - before.at < GROUPED_MS;
    before = { userId: isApart ? "" : userId, at, day };
    return { day: isFirst ? at : null, isGrouped };
  };
  for (const message of messages) {
    const isNew = !isDivided && message.number > (readUntil ?? 0) && message.user_id !== meId;
    isDivided ||= isNew;
    const isRemoved = message.removed_at !== null;
    const placed = place(message.user_id, message.sent_at, isRemoved);
    const isGrouped = placed.isGrouped && !isNew && message.reply_to === null;
    rows.push({ kind: "message", key: message.message_id, message, isNew, ...placed, isGrouped });
  }
  const arrived = new Set(messages.map((message) => message.key));
  for (const item of outgoing) {
    if (arrived.has(item.key)) continue;
    rows.push({ kind: "outgoing", key: item.key, item, ...place(meId, item.writtenAt, false) });
  }
  return rows;
}
