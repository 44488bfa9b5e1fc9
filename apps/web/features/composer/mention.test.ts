import { describe, expect, test } from "vitest";

import { askedAt, matching, mentionOf, withMention } from "./mention";

const people = [
  { user_id: "1", name: "Ines Okafor" },
  { user_id: "2", name: "Tomás Rehák" },
  { user_id: "3", name: "Iris Tomm" },
  { user_id: "4", name: "Sam Lee" },
  { user_id: "5", name: "sam lee" },
  { user_id: "6", name: "A [b] *c*" },
];

describe("what is asked at the caret", () => {
  test.each([
    ["@", ""],
    ["Ask @In", "In"],
    ["Ask (@Ines Oka", "Ines Oka"],
    ["one\n@to", "to"],
  ])("%j asks for %j", (text, name) => expect(askedAt(text, text.length)?.name).toBe(name));

  test.each([
    "ann@lumen",
    String.raw`\@Ines`,
    "`@Ines",
    "@ Ines",
    "@Ines\nnew",
    "@@",
    "no",
    "@Ines Okafor is right here ",
  ])("%j asks for nobody", (text) => expect(askedAt(text, text.length)).toBeNull());

  test("what follows the caret doesn't count", () => expect(askedAt("@In and more", 3)).toEqual({ at: 0, name: "In" }));
});

test("names are found by the beginning of any word, without accents", () => {
  expect(matching(people, "tom").map((each) => each.user_id)).toEqual(["2", "3"]);
  expect(matching(people, "reh").map((each) => each.user_id)).toEqual(["2"]);
  expect(matching(people, "kafor")).toEqual([]);
});

test("a name that one person has is written as it is; one of two, or one with marks, carries who is meant", () => {
  expect(people.map((each) => mentionOf(each, people))).toEqual([
    "@Ines Okafor",
    "@Tomás Rehák",
    "@Iris Tomm",
    "@[Sam Lee](mention://user/4)",
    "@[sam lee](mention://user/5)",
    String.raw`@[A \[b\] \*c\*](mention://user/6)`,
  ]);
});

test("the name takes the place of what was typed", () => {
  expect(withMention("Ask @In, now", 7, { at: 4, name: "In" }, "@Ines Okafor")).toEqual({
    text: "Ask @Ines Okafor, now",
    caret: 16,
  });
  expect(withMention("@", 1, { at: 0, name: "" }, "@Ines Okafor")).toEqual({ text: "@Ines Okafor ", caret: 13 });
});
