/** What a deed does to a message, shown before the deployment has answered. */
import { live, type Message, type MessageId, type Tag, type ThreadId } from "@dfworx/api/live";
import type { OptimisticLocalStore } from "convex/browser";

type Change = (message: Message) => Message;

/** Puts the person's reaction on, or takes it off again; one that is nobody's is gone. */
export function toggleReaction(message: Message, emoji: string, userId: string): Message {
  const known = message.reactions.find((each) => each.emoji === emoji);
  if (!known) return { ...message, reactions: [...message.reactions, { emoji, user_ids: [userId] }] };
  const user_ids = known.user_ids.includes(userId)
    ? known.user_ids.filter((each) => each !== userId)
    : [...known.user_ids, userId];
  const reactions = message.reactions.map((each) => (each === known ? { emoji, user_ids } : each));
  return { ...message, reactions: reactions.filter((each) => each.user_ids.length > 0) };
}

export function togglePin(message: Message, now: number): Message {
  return { ...message, pinned_at: message.pinned_at === null ? now : null };
}

/** The pinned messages once this one has changed: what was pinned last comes first. */
export function withPin(pinned: Message[], message: Message): Message[] {
  const others = pinned.filter((each) => each.message_id !== message.message_id);
  return message.pinned_at === null ? others : [message, ...others];
}

export function toggleTag(tags: readonly Tag["tag_id"][], tag: Tag["tag_id"]): Tag["tag_id"][] {
  return tags.includes(tag) ? tags.filter((each) => each !== tag) : [...tags, tag];
}

/** Wherever the page has the message: in its thread, around a jump, among those that are pinned. */
export function changeMessage(store: OptimisticLocalStore, id: MessageId, change: Change): void {
  const changed = (messages: Message[]) => messages.map((each) => (each.message_id === id ? change(each) : each));
  for (const { args, value } of store.getAllQueries(live.messages.list))
    if (value) store.setQuery(live.messages.list, args, { ...value, page: changed(value.page) });
  for (const { args, value } of store.getAllQueries(live.messages.around))
    if (value) store.setQuery(live.messages.around, args, changed(value));
  for (const { args, value } of store.getAllQueries(live.pins.list))
    if (value) store.setQuery(live.pins.list, args, changed(value));
}

/** In the message itself and in the list of what is pinned. */
export function changePin(store: OptimisticLocalStore, before: Message): void {
  const message = togglePin(before, Date.now());
  changeMessage(store, message.message_id, (each) => ({ ...each, pinned_at: message.pinned_at }));
  const args = { thread_id: message.thread_id };
  const pinned = store.getQuery(live.pins.list, args);
  if (pinned) store.setQuery(live.pins.list, args, withPin(pinned, message));
}

export function changeArchived(store: OptimisticLocalStore, id: ThreadId, isArchived: boolean): void {
  const archived_at = isArchived ? Date.now() : null;
  const threads = store.getQuery(live.threads.list, {});
  const changed = threads?.map((each) => (each.thread_id === id ? { ...each, archived_at } : each));
  if (changed) store.setQuery(live.threads.list, {}, changed);
}
