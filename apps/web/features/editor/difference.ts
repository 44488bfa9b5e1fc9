/** Two texts as rows: what one has and the other hasn't, with a few lines around it, and in changed lines the words. */
import { diffLines, diffWordsWithSpace } from "diff";

export interface Piece {
  text: string;
  changed: boolean;
}

export type Row =
  | { kind: "same" | "from" | "to"; from: number | null; to: number | null; pieces: Piece[] }
  | { kind: "gap"; lines: number };

const AROUND = 3;
const LONGEST_WORDS = 2_000;
const MILLISECONDS = 1_000;

export function rowsOf(from: string, to: string): Row[] {
  const parts = diffLines(from, to, { timeout: MILLISECONDS }) ?? [
    { value: from, removed: true, added: false },
    { value: to, removed: false, added: true },
  ];
  const rows: Row[] = [];
  let at = { from: 1, to: 1 };
  for (let index = 0; index < parts.length; index++) {
    const part = parts[index];
    if (!part) continue;
    const lines = linesOf(part.value);
    if (!part.added && !part.removed) {
      rows.push(...around(lines, at, index === 0, index === parts.length - 1));
      at = { from: at.from + lines.length, to: at.to + lines.length };
    } else if (part.removed) {
      const next = parts[index + 1];
      const added = next?.added ? linesOf(next.value) : [];
      if (next?.added) index++;
      const paired = lines.length === added.length ? lines.map((line, each) => pieces(line, added[each] ?? "")) : null;
      lines.forEach((line, each) =>
        rows.push({ kind: "from", from: at.from + each, to: null, pieces: paired?.[each]?.from ?? whole(line) }),
      );
      added.forEach((line, each) =>
        rows.push({ kind: "to", from: null, to: at.to + each, pieces: paired?.[each]?.to ?? whole(line) }),
      );
      at = { from: at.from + lines.length, to: at.to + added.length };
    } else {
      lines.forEach((line, each) => rows.push({ kind: "to", from: null, to: at.to + each, pieces: whole(line) }));
      at = { ...at, to: at.to + lines.length };
    }
  }
  return rows;
}

function around(lines: string[], at: { from: number; to: number }, isFirst: boolean, isLast: boolean): Row[] {
  const row = (line: string, each: number): Row => ({
    kind: "same",
    from: at.from + each,
    to: at.to + each,
    pieces: [{ text: line, changed: false }],
  });
  const rows = lines.map(row);
  const head = isFirst ? 0 : AROUND;
  const tail = isLast ? 0 : AROUND;
  const left = lines.length - head - tail;
  if (left <= 1) return rows;
  return [...rows.slice(0, head), { kind: "gap", lines: left }, ...rows.slice(lines.length - tail)];
}

function pieces(from: string, to: string): { from: Piece[]; to: Piece[] } | null {
  if (from.length + to.length > LONGEST_WORDS) return null;
  const words = diffWordsWithSpace(from, to);
  return {
    from: words.filter((each) => !each.added).map((each) => ({ text: each.value, changed: each.removed })),
    to: words.filter((each) => !each.removed).map((each) => ({ text: each.value, changed: each.added })),
  };
}

function whole(text: string): Piece[] {
  return [{ text, changed: false }];
}

function linesOf(text: string): string[] {
  return (text.endsWith("\n") ? text.slice(0, -1) : text).split("\n");
}
