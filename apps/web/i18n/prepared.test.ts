import { IntlMessageFormat } from "intl-messageformat";
import { expect, test } from "vitest";

import german from "../messages/de.json";
import english from "../messages/en.json";

import { parse } from "./formatted";
import { takeApart } from "./prepared";

interface Tree {
  [name: string]: string | Tree;
}

function leaves(tree: Tree): string[] {
  return Object.values(tree).flatMap((each) => (typeof each === "string" ? [each] : leaves(each)));
}

test.each([
  ["en", english],
  ["de", german],
])("what was taken apart says the same in %s", (language, written) => {
  const before = leaves(written);
  const after = leaves(takeApart(written));
  expect(after.filter((each) => each.startsWith("[{")).length).toBeGreaterThan(100);
  before.forEach((message, at) => {
    expect(parse(after[at]!)).toEqual(new IntlMessageFormat(message, language).getAst());
  });
});

test("words are shown as they are, also when nobody formats them", () => {
  expect(takeApart({ one: "It isn't C#", two: { three: "Write '{' first" } })).toEqual({
    one: "It isn't C#",
    two: { three: "Write { first" },
  });
});
