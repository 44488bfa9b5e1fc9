import { expect, test } from "vitest";

import { SCRIPTS } from "./scripts";

const needed = (text: string) => SCRIPTS.map(({ letters }) => letters.test(text));

test.each([
  ["Plain words, naïve façade, Ελληνικά, Кириллица, 1 € → 2", [false, false, false, false]],
  ["日本語のカタカナ", [true, false, false, false]],
  ["中文，标点。", [true, false, false, false]],
  ["كيف الحال", [false, true, false, false]],
  ["שלום", [false, false, true, false]],
  ["done 🎉", [false, false, false, true]],
])("%s", (text, expected) => {
  expect(needed(text)).toEqual(expected);
});
