/* How much is laid out. Parsers of Markdown need time that grows with the square of some texts, and recursion ends a
   program; so what is too much is told from the source in one pass before anything parses it, and from the tree after
   each step. What is refused is shown as it was written. The numbers are measured in limits.test.tsx. */
import type { Nodes } from "hast";

export const LONGEST_SOURCE = 400_000;
/** Levels of elements in one another. */
export const DEEPEST = 120;
/** Of one formula's own boxes: KaTeX builds eight or so for each fraction. */
export const DEEPEST_FORMULA = 300;
/** Characters that could open something, in one run of lines without an empty one (code apart). */
export const MOST_MARKS = 6_000;
export const MOST_TAGS = 5_000;
export const LONGEST_CODE = 40_000;
export const LONGEST_CODE_LINE = 5_000;
export const LONGEST_FORMULA = 4_000;
export const LONGEST_FORMULAS = 60_000;

const MARKS = /[*_~[\]!<>`$&|\\]/g;
const CONTAINERS = /^(?:[ \t]*(?:>|[-+*](?=[ \t])|\d{1,9}[.)](?=[ \t])))+/;

export function isTooMuch(source: string): boolean {
  if (source.length > LONGEST_SOURCE) return true;
  let fence: string | null = null;
  let marks = 0;
  for (const line of source.split("\n")) {
    const fenced = /^[ \t>]{0,40}(`{3,}|~{3,})/.exec(line)?.[1];
    if (fenced && (fence === null || (fenced[0] === fence[0] && fenced.length >= fence.length))) {
      fence = fence === null ? fenced : null;
      marks = 0;
      continue;
    }
    const containers = CONTAINERS.exec(line)?.[0];
    if (containers && containers.replace(/[ \t\d]/g, "").length > DEEPEST / 3) return true;
    if (fence !== null) continue;
    marks = /^[ \t>]*$/.test(line) ? 0 : marks + (line.match(MARKS)?.length ?? 0);
    if (marks > MOST_MARKS) return true;
  }
  return false;
}

/** Without recursion: it is what keeps the recursion of others in bounds. */
export function isTooDeep(root: Nodes, deepest: number): boolean {
  let level: Nodes[] = [root];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > deepest) return true;
    level = level.flatMap((node) => ("children" in node ? (node.children as Nodes[]) : []));
  }
  return false;
}
