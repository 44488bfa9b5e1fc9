import type { Message } from "@dfworx/api/live";
import { expect, test } from "vitest";

import type { OutgoingItem } from "./composing/useOutgoing";
import { mergeMessages, overlaps } from "./merging";
import { toRows } from "./rows";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

function message(number: number, change: Partial<Message> = {}): Message {
  return {
    ...{ message_id: `m${number}`, thread_id: "t", user_id: "ada", text: `No. ${number}`, number },
    ...{ sent_at: number * MINUTE, reply_to: null, edited_at: null, removed_at: null, pinned_at: null },
    ...{ attachments: [], reactions: [], tags: [], key: null },
    ...change,
  } as unknown as Message;
}

const waiting: OutgoingItem = {
  ...{ key: "k", text: "Hello", replyTo: null, attachments: [], problem: null },
  ...{ writtenAt: 2 * MINUTE, state: "sending" },
};

function rowsOf(messages: Message[], outgoing: OutgoingItem[] = [], readUntil: number | null = null) {
  const dayOf = (at: number) => String(Math.floor(at / DAY));
  return toRows({ messages, outgoing, readUntil, dayOf, meId: "me" });
}

test("what one says within five minutes goes on under their name", () => {
  const said = [message(1), message(2), message(3, { user_id: "tomas" }), message(9, { user_id: "tomas" })];
  expect(rowsOf(said).map((row) => row.isGrouped)).toEqual([false, true, false, false]);
});

test("an answer, a stone and what follows it stand by themselves", () => {
  const answer = message(2, { reply_to: "m1" as Message["reply_to"] });
  expect(rowsOf([message(1), answer, message(3)]).map((row) => row.isGrouped)).toEqual([false, false, true]);
  const stone = message(2, { removed_at: 5 });
  expect(rowsOf([message(1), stone, message(3)]).map((row) => row.isGrouped)).toEqual([false, false, false]);
});

test("each day begins with its line, and nobody's words go on over midnight", () => {
  const said = [message(1, { sent_at: DAY - MINUTE }), message(2, { sent_at: DAY + MINUTE })];
  expect(rowsOf(said).map((row) => row.day)).toEqual([DAY - MINUTE, DAY + MINUTE]);
  expect(rowsOf(said)[1]?.isGrouped).toBe(false);
});

test("the divider stands above the first that somebody else said since", () => {
  const said = [message(1), message(2), message(3, { user_id: "me" }), message(4), message(5)];
  const isNew = (readUntil: number | null) =>
    rowsOf(said, [], readUntil).map((row) => row.kind === "message" && row.isNew);
  expect(isNew(2)).toEqual([false, false, false, true, false]);
  expect(isNew(5)).not.toContain(true);
  expect(isNew(null)).not.toContain(true);
});

test("what has arrived isn't shown as on its way too", () => {
  expect(rowsOf([message(1)], [waiting]).map((row) => row.key)).toEqual(["m1", "k"]);
  expect(rowsOf([message(1, { key: "k" })], [waiting]).map((row) => row.key)).toEqual(["m1"]);
});

test("what is told again is the same object, so that its row isn't drawn again", () => {
  const known = [message(1), message(2)];
  expect(mergeMessages(known, [message(2), message(1)])).toBe(known);
  const edited = mergeMessages(known, [message(2, { text: "Other" })]);
  expect(edited[0]).toBe(known[0]);
  expect(edited[1]?.text).toBe("Other");
});

test("messages stand in the order in which they were said, of one moment by their number", () => {
  const told = [message(4), message(3, { sent_at: 4 * MINUTE }), message(1)];
  expect(mergeMessages([message(2)], told).map((each) => each.number)).toEqual([1, 2, 3, 4]);
  const imported = [-2, 1, -1].map((number) => message(number, { sent_at: 0 }));
  expect(mergeMessages([], imported).map((each) => each.number)).toEqual([-1, -2, 1]);
});

test("two parts of a thread go together when they share a message", () => {
  expect(overlaps([message(1), message(2)], [message(2), message(3)])).toBe(true);
  expect(overlaps([message(1)], [message(2)])).toBe(false);
});
