import type { Comment } from "@dfworx/api";
import { expect, test } from "vitest";

import { countComments, lineOf, threadOf, toThreads } from "./threads";

function comment(comment_id: string, parent_id: string | null = null, removed = false): Comment {
  return {
    ...{ comment_id, parent_id, removed, post_id: "post", content: removed ? null : comment_id, mentions: [] },
    author: { user_id: "ada", name: "Ada", avatar_url: null },
    ...{ version: 1, resolved_at: null, created_at: "2026-11-23T10:00:00Z", updated_at: "2026-11-23T10:00:00Z" },
  };
}

test("answers of any depth stand under the comment that began the thread, and say whom they answer", () => {
  const list = [
    comment("a"),
    comment("b"),
    comment("a1", "a"),
    comment("b1", "b"),
    comment("a2", "a1"),
    comment("a3", "a"),
  ];
  const threads = toThreads(list);
  expect(threads.map(({ first }) => first.comment_id)).toEqual(["a", "b"]);
  expect(threads[0]?.answers.map(({ comment, to }) => [comment.comment_id, to?.comment_id])).toEqual([
    ["a1", undefined],
    ["a2", "a1"],
    ["a3", undefined],
  ]);
  expect(threadOf(threads, "a2")?.first.comment_id).toBe("a");
  expect(threadOf(threads, "nobody")).toBeUndefined();
});

test("what was removed is no comment, and keeps its answers", () => {
  const list = [comment("a", null, true), comment("a1", "a")];
  expect(countComments(list)).toBe(1);
  expect(toThreads(list)).toHaveLength(1);
});

test("on one line there are words and no marks", () => {
  expect(lineOf("Why **92 %**?\n\n- see [the log](/x)\n```py\na_b * c\n```")).toBe("Why 92 %? see the log a_b * c");
});
