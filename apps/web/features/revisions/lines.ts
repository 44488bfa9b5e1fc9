/**
 * A difference comes as parts of a text, word by word. What a reader compares are lines: as they were, as they are,
 * with the words that differ marked in them.
 */
import type { Difference } from "@dfworx/api";

type Part = Difference["content"][number];

export interface Piece {
  text: string;
  /** It is in this line only. */
  changed: boolean;
}

export type Row =
  | { kind: "same" | "removed" | "added"; pieces: Piece[] }
  /** So many characters that are the same in both aren't told. */
  | { kind: "omitted"; count: number };

/** Lines that are the same stand once; of those that differ first the old ones, then the new. */
export function toRows(parts: readonly Part[]): Row[] {
  const rows: Row[] = [];
  let before = new Side();
  let after = new Side();
  const settle = () => {
    const was = before.lines();
    const is = after.lines();
    const shorter = Math.min(was.length, is.length);
    const agree = (at: number, other: number) =>
      isSame(was[at]) && isSame(is[other]) && textOf(was[at]) === textOf(is[other]);
    let head = 0;
    while (head < shorter && agree(head, head)) head++;
    let tail = 0;
    while (tail < shorter - head && agree(was.length - 1 - tail, is.length - 1 - tail)) tail++;
    const add = (kind: "same" | "removed" | "added", lines: Piece[][]) => {
      for (const pieces of lines) rows.push({ kind, pieces });
    };
    add("same", is.slice(0, head));
    add("removed", was.slice(head, was.length - tail));
    add("added", is.slice(head, is.length - tail));
    add("same", is.slice(is.length - tail));
    before = new Side();
    after = new Side();
  };
  for (const { op, text, omitted } of parts) {
    if (op === "delete") before.add(text, true);
    if (op === "insert") after.add(text, true);
    if (op === "equal") {
      const lines = text.split("\n");
      for (const [at, line] of lines.entries()) {
        const ends = at < lines.length - 1;
        before.add(ends ? `${line}\n` : line, false);
        after.add(ends ? `${line}\n` : line, false);
        if (ends) settle();
      }
    }
    if (omitted > 0) {
      settle();
      rows.push({ kind: "omitted", count: omitted });
    }
  }
  settle();
  return rows;
}

/** The lines of one of the two texts, since they were last the same. */
class Side {
  private text: Piece[] = [];

  add(text: string, changed: boolean): void {
    if (!text) return;
    const last = this.text.at(-1);
    if (last?.changed === changed) last.text += text;
    else this.text.push({ text, changed });
  }

  lines(): Piece[][] {
    if (this.text.length === 0) return [];
    const lines: Piece[][] = [[]];
    for (const { text, changed } of this.text) {
      for (const [at, line] of text.split("\n").entries()) {
        if (at > 0) lines.push([]);
        if (line) lines.at(-1)?.push({ text: line, changed });
      }
    }
    // A break ends a line; nothing begins after the last one.
    if (this.text.at(-1)?.text.endsWith("\n")) lines.pop();
    return lines;
  }
}

function isSame(line: Piece[] | undefined): boolean {
  return !line?.some((piece) => piece.changed);
}

function textOf(line: Piece[] | undefined): string {
  return line?.map((piece) => piece.text).join("") ?? "";
}
