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

/** By time; of two in the same millisecond as they were made, as convex/messages.ts has it: what was imported counts
 * downwards from -1, and stands before what was sent here. */
export function bySaying(one: Message, other: Message): number {
  const isSameKind = one.number < 0 === other.number < 0;
  return (
    one.sent_at - other.sent_at ||
    (isSameKind ? Math.abs(one.number) - Math.abs(other.number) : one.number - other.number)
  );
}

function isSame(one: Message, other: Message): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other);
}
