/** Two people's edits of one text as one: what was written here while others wrote elsewhere. */
import { ChangeSet } from "@codemirror/state";
import { diffWordsWithSpace } from "diff";

import { differing } from "./text";

interface Edit {
  from: number;
  to: number;
  insert: string;
}

const MILLISECONDS = 300;

/** What makes `mine` all that both wrote since `base`, and what makes `theirs` the same. Neither takes away what the other
 * put in. */
export function meetTexts(base: string, mine: string, theirs: string): { here: ChangeSet; there: ChangeSet } {
  const their = editsBetween(base, theirs);
  const own = editsBetween(base, mine);
  // What both have done is done once: such as what was saved though no answer came.
  const only = (edits: Edit[], others: Edit[]) =>
    edits.filter((each) => !others.some((other) => JSON.stringify(other) === JSON.stringify(each)));
  const both = own.filter((each) => !only([each], their).length);
  const common = ChangeSet.of(both, base.length, "\n");
  const ownChanges = ChangeSet.of(only(own, their), base.length, "\n").map(common);
  const theirChanges = ChangeSet.of(only(their, own), base.length, "\n").map(common);
  return { here: theirChanges.map(ownChanges, true), there: ownChanges.map(theirChanges) };
}

/** The one that `text` is most likely made of. */
export function closest(text: string, bases: string[]): string {
  const far = bases.map((base) => editsBetween(base, text).reduce((sum, each) => sum + sizeOf(each), 0));
  return bases[far.indexOf(Math.min(...far))] ?? text;
}

function sizeOf({ from, to, insert }: Edit): number {
  return to - from + insert.length;
}

export function editsBetween(from: string, to: string): Edit[] {
  if (from === to) return [];
  const { from: start, to: end, insert } = differing(from, to);
  const gone = from.slice(start, end);
  const parts = gone && insert ? diffWordsWithSpace(gone, insert, { timeout: MILLISECONDS }) : undefined;
  if (!parts) return [{ from: start, to: end, insert }];
  const edits: Edit[] = [];
  let at = start;
  let open: Edit | null = null;
  for (const { value, added, removed } of parts) {
    if (!added && !removed) {
      open = null;
      at += value.length;
      continue;
    }
    if (!open) edits.push((open = { from: at, to: at, insert: "" }));
    if (added) open.insert += value;
    else open.to = at += value.length;
  }
  return edits;
}
