import { expect, test } from "vitest";

import { freshIn } from "./fresh";

const told = (notification_id: string, created_at: number, is_read = false) => ({
  notification_id,
  created_at,
  is_read,
  kind: "mention",
  actor_id: null,
  post_id: null,
  comment_id: null,
  thread_id: null,
  message_id: null,
});

test("only what came since is fresh: not what was marked unread, moved up or read elsewhere", () => {
  const before = [told("b", 2, true), told("a", 1)];
  expect(freshIn(before, [told("c", 3), told("b", 2), told("a", 1)]).map((each) => each.notification_id)).toEqual([
    "c",
  ]);
  expect(freshIn(before, [told("b", 2), told("a", 1), told("z", 0)])).toEqual([]);
  expect(freshIn(before, [told("c", 3, true), ...before])).toEqual([]);
  expect(freshIn([], [told("a", 1)])).toHaveLength(1);
});
