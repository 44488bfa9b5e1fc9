/** What of a post is written, and how two people's changes of it meet. */
import type { Post, WebSchemas } from "@dfworx/api";
import { merge } from "node-diff3";

export interface Fields {
  title: string;
  content: string;
  category: string | null;
  visibility: Post["visibility"];
  /** Their user_ids, in order; empty for another visibility. */
  readers: string[];
  /** The user_ids of those who write it with its author, in order. */
  editors: string[];
}

export type Field = keyof Fields;
export const LONGEST_TITLE = 300;
export const LONGEST_CONTENT = 1_000_000;
export const BLANK: Fields = {
  title: "",
  content: "",
  category: null,
  visibility: "organization",
  readers: [],
  editors: [],
};

const ALL: Field[] = ["title", "content", "category", "visibility", "readers", "editors"];

export function fieldsOf(post: Post): Fields {
  return {
    title: post.title,
    content: withLineFeeds(post.content),
    category: post.category,
    visibility: post.visibility,
    readers: (post.readers ?? []).map((each) => each.user_id).sort(),
    editors: post.editors.map((each) => each.user_id).sort(),
  };
}

/** As the editor keeps lines, whatever system wrote them. */
export function withLineFeeds(text: string): string {
  return text.replace(/\r\n?/g, "\n");
}

export function isBlank(fields: Fields): boolean {
  return !fields.title.trim() && !fields.content.trim();
}

/** One line, as long as a title may be. */
export function titleFrom(words: string): string {
  return words
    .replace(/[\r\n]+/g, " ")
    .trim()
    .slice(0, LONGEST_TITLE);
}

/** A post must have a title: until it is written, the text's first line stands for it. */
export function titleOf(fields: Fields, untitled: string): string {
  const first = /^[#>\s*-]*(\S.*)$/m.exec(fields.content)?.[1] ?? "";
  return (fields.title.trim() || first.trim() || untitled).slice(0, LONGEST_TITLE);
}

/** What a new post is made of. */
export function wholeOf({ readers, ...rest }: Fields, untitled: string): WebSchemas["PostCreate"] {
  const title = titleOf({ ...rest, readers }, untitled);
  return { ...rest, ...(rest.visibility === "people" && { readers }), title };
}

/** What to send so that `base` becomes `mine`; null when they are the same. */
export function changesBetween(base: Fields, mine: Fields): WebSchemas["PostUpdate"] | null {
  const changed = ALL.filter((field) => !same(base[field], mine[field]));
  if (changed.length === 0) return null;
  const changes: Record<string, unknown> = Object.fromEntries(changed.map((field) => [field, mine[field]]));
  // Readers are told only where there are any.
  if (mine.visibility !== "people") delete changes.readers;
  else if (changed.includes("visibility")) changes.readers = mine.readers;
  return changes;
}

/** Field by field: what only one of two changed is taken; what both changed in different ways clashes. */
export function meet(base: Fields, mine: Fields, theirs: Fields): { met: Fields; clashes: Field[] } {
  const met: Record<string, unknown> = { ...mine };
  const clashes: Field[] = [];
  for (const field of ALL) {
    if (same(mine[field], base[field])) met[field] = theirs[field];
    else if (!same(theirs[field], base[field]) && !same(mine[field], theirs[field])) clashes.push(field);
  }
  return { met: met as unknown as Fields, clashes };
}

/** `base` with what of all that was `sent` has arrived, as `theirs` shows. */
export function arrived(base: Fields, sent: Fields[], theirs: Fields): Fields {
  const there = ALL.filter((field) => sent.some((each) => same(each[field], theirs[field])));
  return { ...base, ...Object.fromEntries(there.map((field) => [field, theirs[field]])) };
}

const MINE = "<<<<<<<";
const BETWEEN = "=======";
const THEIRS = ">>>>>>>";

/** Both texts in one: passages that only one of two changed as they are now, others twice between marks. */
export function mergeTexts(
  base: string,
  mine: string,
  theirs: string,
  words: { mine: string; theirs: string },
): string {
  const lines = (text: string) => text.split("\n");
  const merged = merge(lines(mine), lines(base), lines(theirs), { excludeFalseConflicts: true });
  return merged.result
    .map((line) => {
      if (line === MINE) return `${MINE} ${words.mine}`;
      return line === THEIRS ? `${THEIRS} ${words.theirs}` : line;
    })
    .join("\n");
}

/** What becomes of two people's changes by one's choice. */
export function choose(
  choice: "mine" | "theirs" | "merge",
  base: Fields,
  mine: Fields,
  theirs: Fields,
  words: { mine: string; theirs: string },
): Fields {
  if (choice === "theirs") return theirs;
  const { met, clashes } = meet(base, mine, theirs);
  if (choice === "mine" || !clashes.includes("content")) return met;
  return { ...met, content: mergeTexts(base.content, mine.content, theirs.content, words) };
}

/** How many passages still stand there twice. */
export function countMarks(text: string): number {
  if (!text.includes(MINE)) return 0;
  return [...text.matchAll(/^<{7} .*$[\s\S]*?^={7}$[\s\S]*?^>{7} .*$/gm)].length;
}

export const MARK_LINE = new RegExp(`^(?:${MINE} .*|${BETWEEN}|${THEIRS} .*)$`);

/** The address that a title makes, as the service does it; it has the last word. */
export function slugOf(title: string): string {
  return title
    .normalize("NFKC")
    .toLowerCase()
    .replace(/['’]/g, "")
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, "-")
    .slice(0, 200)
    .replace(/^-+|-+$/g, "");
}

/** Whether an address comes from the beginning of this title, when not all of it was typed yet. */
export function isUnfinishedSlug(slug: string, title: string): boolean {
  const whole = slugOf(title);
  const begun = slug.replace(/-\d{1,2}$/, "");
  return whole !== "" && begun !== whole && slug !== whole && whole.startsWith(begun);
}

function same(one: unknown, other: unknown): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other);
}
