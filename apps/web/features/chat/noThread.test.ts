import { ConvexError } from "convex/values";
import { expect, test } from "vitest";

import { isNoThread } from "./noThread";

test.each([
  ["not_found", true],
  ["invalid", true],
  ["session_ended", false],
  ["signed_out", false],
  ["unavailable", false],
])("refused as %s", (code, expected) => {
  expect(isNoThread(new ConvexError({ code, message: "No." }))).toBe(expected);
});

test("what was never an id is refused without a reason", () => {
  expect(isNoThread(new Error("[CONVEX Q(messages:list)] Server Error"))).toBe(true);
});
