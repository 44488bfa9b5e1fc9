import { expect, test } from "vitest";

import { lineOf } from "./lines";
import { groupThreads, stepFrom } from "./threads";
import type { ListedThread } from "./useThreads";

function thread(id: string, kind: "organization" | "named" | "post", unread = 0, archived_at: number | null = null) {
  const row = { thread_id: id, kind, name: kind === "organization" ? null : id, created_by: null, archived_at };
  return { thread: row, lastAt: null, unread } as unknown as ListedThread;
}

const LISTED = [
  thread("all", "organization"),
  thread("old", "named", 0, 5),
  thread("post", "post"),
  thread("a", "named"),
  thread("b", "named", 2),
];

test("the organization's thread comes first, and what is archived last", () => {
  const groups = groupThreads(LISTED).map(({ kind, threads }) => [kind, threads.map((each) => each.thread.thread_id)]);
  expect(groups).toEqual([
    ["organization", ["all"]],
    ["named", ["a", "b"]],
    ["post", ["post"]],
    ["archived", ["old"]],
  ]);
});

test("the keys lead from thread to thread, around the end, and past what is read", () => {
  expect(stepFrom(LISTED, "all", 1, false)).toBe("a");
  expect(stepFrom(LISTED, "all", -1, false)).toBe("old");
  expect(stepFrom(LISTED, null, 1, false)).toBe("all");
  expect(stepFrom(LISTED, "all", 1, true)).toBe("b");
  expect(stepFrom(LISTED, "b", 1, true)).toBeNull();
});

test("a message in one line says its words without their marks", () => {
  expect(lineOf("**Bold** and `code`,\nsee [the page](https://example.org/a_b)")).toBe("Bold and code, see the page");
});
