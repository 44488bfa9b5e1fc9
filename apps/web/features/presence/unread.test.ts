import type { ThreadId } from "@dfworx/api/live";
import { expect, test } from "vitest";

import { countSaid, countUnread, unreadIn } from "./unread";

const id = (name: string) => name as ThreadId;
const tally = (name: string, messages: number) => ({ thread_id: id(name), messages });
const mark = (name: string, number: number) => ({ thread_id: id(name), number });

test("what is unread is counted over all threads but the archived", () => {
  const threads = [
    { thread_id: id("everyone"), archived_at: null },
    { thread_id: id("garden"), archived_at: null },
    { thread_id: id("old"), archived_at: 1 },
  ];
  const tallies = [tally("everyone", 10), tally("garden", 3), tally("old", 50)];
  expect(countUnread(threads, tallies, [mark("everyone", 8)])).toBe(5);
  // A mark may arrive before the count it belongs to.
  expect(countUnread(threads, tallies, [mark("everyone", 11), mark("garden", 3)])).toBe(0);
});

test("a thread in which somebody never was has nothing new for them", () => {
  expect(unreadIn(tally("beside", 7), [mark("beside", 5)])).toBe(2);
  expect(unreadIn(tally("beside", 7), [mark("other", 5)])).toBeNull();
});

test("a thread in which all was imported isn't empty", () => {
  expect(countSaid({ messages: 0, imported: 3 })).toBe(3);
  expect(countSaid(null)).toBe(0);
});
