import { expect, test } from "vitest";

import { isSlug, suggestSlug } from "./slug";

test.each([
  ["Meridian Protocol", "meridian-protocol"],
  ["  Bäckerei Müller & Söhne ", "backerei-muller-sohne"],
  ["a".repeat(80), "a".repeat(50)],
  [`${"a".repeat(49)} b`, "a".repeat(49)],
  ["田辺", ""],
])("%s becomes %s", (name, slug) => {
  expect(suggestSlug(name)).toBe(slug);
  expect(slug === "" || isSlug(slug)).toBe(true);
});

test.each(["a", "a--b", "-ab", "ab-", "Ab", "a_b", "a".repeat(51), ""])("%j is no short name", (slug) => {
  expect(isSlug(slug)).toBe(false);
});
