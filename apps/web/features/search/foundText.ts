/** How a message that was found is shown: its words around the first that was searched for, those marked. */
import type { FoundPart } from "@dfworx/api";

import { plainExcerpt } from "@/features/notifications/excerpt";

/** As convex/searching.ts takes a search apart: filters between the words, quotes around what has blanks. */
const PART = /(?:(\w+):)?(?:"([^"]*)"|(\S+))/gu;
const FILTERS = ["from", "tag", "after", "before", "has"];
const BEFORE = 40;
const LONGEST = 280;

/** The words of a search, without its filters. */
export function wordsOf(search: string): string[] {
  const words: string[] = [];
  for (const [whole, name, quoted, bare] of search.matchAll(PART)) {
    const value = (quoted ?? bare ?? "").trim();
    const isFilter = value !== "" && FILTERS.includes(name?.toLowerCase() ?? "");
    if (!isFilter) words.push(...split(name === undefined ? value : whole));
  }
  return words;
}

/** Words of the text that begin as one of the search does are marked; of a long text, what is around the first. */
export function foundText(markdown: string, search: string): FoundPart[] {
  const text = plainExcerpt(markdown);
  const wanted = wordsOf(search).map(fold);
  const isHit = (word: string) => wanted.some((each) => fold(word).startsWith(each));
  const words = [...text.matchAll(/[\p{L}\p{N}\p{M}]+/gu)].map((each) => ({ text: each[0], at: each.index }));
  const first = words.find((word) => isHit(word.text));
  const from = first && first.at > BEFORE ? cutAt(text, first.at - BEFORE) : 0;
  const to = text.length - from > LONGEST ? from + LONGEST : text.length;
  const parts: FoundPart[] = [];
  const add = (piece: string, hit: boolean) => piece && parts.push({ text: piece, hit });
  if (from > 0) add("… ", false);
  let done = from;
  for (const word of words) {
    if (word.at < from || word.at + word.text.length > to || !isHit(word.text)) continue;
    add(text.slice(done, word.at), false);
    add(word.text, true);
    done = word.at + word.text.length;
  }
  add(text.slice(done, to), false);
  if (to < text.length) add("…", false);
  return parts;
}

/** Where the next word begins. */
function cutAt(text: string, at: number): number {
  const blank = text.indexOf(" ", at);
  return blank < 0 ? at : blank + 1;
}

function split(text: string): string[] {
  return text.match(/[\p{L}\p{N}\p{M}]+/gu) ?? [];
}

function fold(word: string): string {
  return word.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}
