import { expect, test } from "vitest";

import { initials, personHue } from "./Avatar";

test.each([
  ["Hannah Lindqvist", "HL"],
  ["Ada", "A"],
  ["田辺 ゆき", "田ゆ"],
  ["  Tomás  de la  Rivera ", "TR"],
  ["", "?"],
])("%j is %s", (name, letters) => {
  expect(initials(name)).toBe(letters);
});

test("a person's hue is theirs, and hues are spread evenly", () => {
  const counts = new Map<number, number>();
  for (let at = 0; at < 4000; at++) {
    const id = `0193b0a4-7f00-7000-8000-${String(at).padStart(12, "0")}`;
    expect(personHue(id)).toBe(personHue(id));
    counts.set(personHue(id), (counts.get(personHue(id)) ?? 0) + 1);
  }
  expect([...counts.keys()].sort()).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  for (const count of counts.values()) expect(count).toBeGreaterThan(300);
});
