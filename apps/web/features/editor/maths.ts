/** Formulas between dollars, so that what stands in them isn't taken for Markdown. "$5 and $6" are none. */
import { Tag } from "@lezer/highlight";
import type { MarkdownConfig } from "@lezer/markdown";

export const formula = Tag.define();

const DOLLAR = 36;
const BACKSLASH = 92;

export const maths: MarkdownConfig = {
  defineNodes: [{ name: "Formula", style: formula }],
  parseInline: [
    {
      name: "Formula",
      before: "Escape",
      parse(context, next, at) {
        if (next !== DOLLAR) return -1;
        const marks = context.char(at + 1) === DOLLAR ? 2 : 1;
        const start = at + marks;
        if (marks === 1 && isSpace(context.char(start))) return -1;
        for (let end = start; end < context.end; end++) {
          const here = context.char(end);
          if (here === BACKSLASH) end++;
          else if (here === DOLLAR && closes(context, end, marks, start))
            return context.addElement(context.elt("Formula", at, end + marks));
        }
        return -1;
      },
    },
  ],
};

function closes(context: { char(at: number): number }, end: number, marks: number, start: number): boolean {
  if (end === start) return false;
  if (marks === 2) return context.char(end + 1) === DOLLAR;
  const after = context.char(end + 1);
  return !isSpace(context.char(end - 1)) && !(after >= 48 && after <= 57);
}

function isSpace(code: number): boolean {
  return code === 32 || code === 9 || code === 10;
}
