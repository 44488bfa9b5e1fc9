/* How much is laid out. Parsers of Markdown need time that grows with the square of some texts, and recursion ends a
   program; so what is too much is told from the source in one pass before anything parses it, and from the tree after
   each step. What is refused is shown as it was written. limits.test.tsx has the texts that the numbers come from. */
import type { Nodes } from "hast";

export const LONGEST_SOURCE = 200_000;
/** Levels of elements in one another. */
export const DEEPEST = 120;
/** Of one formula's own boxes: KaTeX builds eight or so for each fraction. */
export const DEEPEST_FORMULA = 300;
export const MOST_TAGS = 5_000;
/** Of all references of a text together: one long address can be used by thousands. */
export const LONGEST_ADDRESSES = 1_000_000;
export const LONGEST_CODE = 40_000;
export const LONGEST_CODE_LINE = 5_000;
export const LONGEST_FORMULA = 4_000;
/** All formulas of a text, each counted 60 longer than it is: a letter alone is work too. */
export const LONGEST_FORMULAS = 40_000;

/* Each run of lines without an empty one costs the square of the characters in it that could open something. */
const HIGHEST_COST = 12_000_000;
const MOST_BARE_ADDRESSES = 6_000;
/* `<?` and `<!` are looked for to the end of a paragraph each time. */
const MOST_DECLARATIONS = 60;
const DEEPEST_CONTAINERS = 40;

const MARKS = /[*_~[\]!<>`$&\\]/g;
const CONTAINERS = /^(?:[ \t]*(?:>|[-+*](?=[ \t])|\d{1,9}[.)](?=[ \t])))+/;

export function isTooMuch(source: string): boolean {
  if (source.length > LONGEST_SOURCE) return true;
  if ((source.match(/www\.|https?:|@/gi)?.length ?? 0) > MOST_BARE_ADDRESSES) return true;
  if ((source.match(/<[?!]/g)?.length ?? 0) > MOST_DECLARATIONS) return true;
  let cost = 0;
  let marks = 0;
  // Code is counted like prose: telling where code ends is what the parser is for, and who could mislead this here
  // could hide a run of marks behind it.
  for (const line of source.split(/\r\n?|\n/)) {
    if (nestsTooDeep(line)) return true;
    if (/^[ \t>]*$/.test(line)) {
      cost += marks ** 2;
      marks = 0;
      continue;
    }
    marks += line.match(MARKS)?.length ?? 0;
    if (cost + marks ** 2 > HIGHEST_COST) return true;
  }
  return false;
}

/* Levels are told by marks in the line, and by how far in the first of them stands. */
function nestsTooDeep(line: string): boolean {
  const containers = CONTAINERS.exec(line)?.[0] ?? "";
  return (containers.match(/[^ \t\d]/g)?.length ?? 0) > DEEPEST_CONTAINERS || /^[ \t]{81}/.test(containers);
}

/* These have no content, or end where the next of their kind begins: many in a row are not in one another. */
const NEVER_IN_ONE_ANOTHER = new Set(
  "area base br col embed hr img input link meta param source track wbr a dd dt li option p rp rt tbody td tfoot th thead tr".split(
    " ",
  ),
);

/** How many elements of raw HTML are open at once at most, told without building them: whoever builds them recurses. An
 * end tag closes one of its own name only, so those that match nothing hide no depth. */
export function depthOfHtml(pieces: readonly string[]): number {
  const open = new Map<string, number>();
  let depth = 0;
  let deepest = 0;
  for (const piece of pieces) {
    for (const [, slash, written] of piece.replace(/<!--[^]*?-->/g, "").matchAll(/<(\/?)([a-z][^\s/>]*)/gi)) {
      const name = (written as string).toLowerCase();
      if (NEVER_IN_ONE_ANOTHER.has(name)) continue;
      const count = open.get(name) ?? 0;
      if (slash && count === 0) continue;
      open.set(name, count + (slash ? -1 : 1));
      depth += slash ? -1 : 1;
      deepest = Math.max(deepest, depth);
    }
  }
  return deepest;
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
