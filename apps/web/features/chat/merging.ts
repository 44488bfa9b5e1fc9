import type { Message } from "@dfworx/api/live";

/** Those of both, in the order in which they were said. What hasn't changed stays the same object, so that its row isn't
 * drawn again; nothing new gives `known` itself. */
export function mergeMessages(known: readonly Message[], told: readonly Message[]): readonly Message[] {
  const byId = new Map(known.map((message) => [message.message_id, message]));
  let isChanged = false;
  for (const message of told) {
    const before = byId.get(message.message_id);
    if (before && isSame(before, message)) continue;
    byId.set(message.message_id, message);
    isChanged = true;
  }
  return isChanged ? [...byId.values()].sort(bySaying) : known;
}

export function overlaps(known: readonly Message[], told: readonly Message[]): boolean {
  const ids = new Set(told.map((message) => message.message_id));
  return known.some((message) => ids.has(message.message_id));
}

/** By time; of two in the same millisecond by their number. */
export function bySaying(one: Message, other: Message): number {
  return one.sent_at - other.sent_at || one.number - other.number;
}

function isSame(one: Message, other: Message): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other);
}
