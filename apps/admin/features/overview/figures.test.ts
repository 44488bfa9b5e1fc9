import { expect, test } from "vitest";

import { changeOf, pathOfSeries } from "./figures";

test.each([
  [12, 10, 0.2],
  [5, 10, -0.5],
  [5, 0, null],
  [null, 10, null],
  [5, null, null],
])("from %s, before %s: %s", (value, before, change) => expect(changeOf(value, before)).toBe(change));

test("a series is a line that breaks where nothing was measured", () => {
  expect(pathOfSeries([0, 10])).toBe("M0.00 23.00L100.00 1.00");
  expect(pathOfSeries([0, null, 10])).toBe("M0.00 23.00M100.00 1.00");
  expect(pathOfSeries([])).toBe("");
});
