import { expect, test } from "vitest";

import { toRows, type Row } from "./lines";

const equal = (text: string, omitted = 0) => ({ op: "equal" as const, text, omitted });
const gone = (text: string) => ({ op: "delete" as const, text, omitted: 0 });
const come = (text: string) => ({ op: "insert" as const, text, omitted: 0 });

function drawn(rows: Row[]): string[] {
  const signs = { same: " ", removed: "-", added: "+" };
  return rows.map((row) =>
    row.kind === "omitted"
      ? `~${row.count}`
      : signs[row.kind] + row.pieces.map(({ text, changed }) => (changed ? `[${text}]` : text)).join(""),
  );
}

test("a line in which a word differs stands twice, and the words are marked", () => {
  const rows = toRows([equal("one\nthe "), gone("old"), come("new"), equal(" way\nthree")]);
  expect(drawn(rows)).toEqual([" one", "-the [old] way", "+the [new] way", " three"]);
});

test("whole lines come and go", () => {
  const come2 = [equal("one\n"), come("two\n\nfour\n"), equal("five")];
  expect(drawn(toRows(come2))).toEqual([" one", "+[two]", "+", "+[four]", " five"]);
  expect(drawn(toRows([equal("one"), gone("\ntwo"), equal("\nthree")]))).toEqual([" one", "-[two]", " three"]);
});

test("of what is left out only the length is told", () => {
  const rows = toRows([equal("begins", 1204), equal("ends\n"), come("more")]);
  expect(drawn(rows)).toEqual([" begins", "~1204", " ends", "+[more]"]);
});

test("the first version is new from its first line to its last", () => {
  expect(drawn(toRows([come("one\n\nthree\n")]))).toEqual(["+[one]", "+", "+[three]"]);
  expect(toRows([])).toEqual([]);
});
