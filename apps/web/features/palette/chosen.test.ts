import { expect, test } from "vitest";

import { chosenOf, isAnswer } from "./chosen";

const search = "do:search";
const standing = { keys: [] as string[], moved: null, held: null, waiting: false, search };

test("the first answer is chosen", () => {
  expect(chosenOf({ ...standing, keys: ["post", "do:new", search] })).toBe("post");
});

test("as long as nothing is found, Enter searches and begins no post", () => {
  expect(chosenOf({ ...standing, keys: ["do:new", search], waiting: true })).toBe(search);
  expect(chosenOf({ ...standing, keys: ["do:new", search] })).toBe("do:new");
});

test("messages that come later don't take the choice from what was found before", () => {
  const before = { ...standing, keys: ["person", "do:new", search] };
  const held = chosenOf(before) ?? null;
  expect(chosenOf({ ...before, held, keys: ["message", ...before.keys] })).toBe("person");
});

test("what the person moved to stays chosen while it is there", () => {
  const keys = ["post", "message", search];
  expect(chosenOf({ ...standing, keys, moved: "message", held: "post" })).toBe("message");
  expect(chosenOf({ ...standing, keys, moved: "gone", held: "post" })).toBe("post");
});

test("only an answer to the very words is held", () => {
  expect(isAnswer("post", false)).toBe(true);
  expect(isAnswer("post", true)).toBe(false);
  expect(isAnswer("do:new", false)).toBe(false);
  expect(isAnswer(undefined, false)).toBe(false);
});
