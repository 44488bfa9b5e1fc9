import { expect, test } from "vitest";

import { readHash, tabBeside } from "./beside";

const COMMENT = "0193B0A4-7f00-7000-8000-000000000001";

test.each([
  ["", null, null, null],
  ["#what-burns", null, null, null],
  ["#comments", "comments", null, null],
  [`#comment-${COMMENT}`, "comments", COMMENT.toLowerCase(), null],
  ["#comment-1", null, null, null],
  ["#thread", "thread", null, null],
  ["#message-12", "thread", null, "12"],
  ["#message-jd7f3k", "thread", null, "jd7f3k"],
  ["#message--3", "thread", null, "-3"],
  ["#message-", null, null, null],
])("%j means %s", (hash, tab, commentId, message) => {
  expect(readHash(hash)).toEqual({ tab, commentId, message });
});

test("without a wish comments lie beside the post where there are any", () => {
  expect(tabBeside(undefined, 0)).toBeNull();
  expect(tabBeside(undefined, 1)).toBe("comments");
  expect(tabBeside("closed", 1)).toBeNull();
  expect(tabBeside("thread", 1)).toBe("thread");
  expect(tabBeside("comments", 0)).toBe("comments");
});
