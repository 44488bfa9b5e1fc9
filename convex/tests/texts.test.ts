import { expect, test } from "vitest";
import * as Y from "yjs";

import { distance, documentOf, merge, rewrite, textOf, wholeOf } from "../texts";

const LONG = Array.from({ length: 30_000 }, (_, n) => `Line ${String(n)} of it.\n`).join("");

test.for([
  ["", "a"],
  ["a", ""],
  ["One.\nTwo.\nThree.\n", "One.\nTwo and a half.\nThree."],
  ["a\n\n\nb", "\na\n\nb\n"],
  ["smile 😀 here", "smile 😁 here"],
  ["\u{1F600}".repeat(15_000), `${"\u{1F600}".repeat(7_000)}\u{1F601}${"\u{1F600}".repeat(7_999)}`],
  [LONG, LONG.replace("Line 3 ", "Line three ").replace("Line 29000 ", "Line many ")],
  [LONG, LONG.toUpperCase()],
])("a text becomes any other one by updates (case %#)", ([before, after]) => {
  const base = wholeOf(documentOf(before!));
  const doc = documentOf(before!);
  doc.clientID = 5;
  const updates = rewrite(doc, after!);
  expect(textOf(doc)).toBe(after);
  const joined = Y.mergeUpdates(base.map((each) => new Uint8Array(each)));
  expect(textOf(merge([joined.slice().buffer, ...updates]))).toBe(after);
  expect(Math.max(0, ...updates.map((each) => each.byteLength))).toBeLessThanOrEqual(900_000);
});

test("edits of two places survive each other", () => {
  const base = documentOf("One.\nTwo.\nThree.\n");
  const whole = wholeOf(base);
  const inside = merge(whole);
  inside.getText("content").insert(5, "And ");
  const outside = rewrite(merge(whole), "One!\nTwo.\nThree, four.\n");
  expect(textOf(merge([...wholeOf(inside), ...outside]))).toBe("One!\nAnd Two.\nThree, four.\n");
});

test("what lies nearer is known by its distance", () => {
  expect(distance("abc", "abc")).toBe(0);
  expect(distance("abc", "abcd")).toBeLessThan(distance("ab", "abcd"));
});
