/** The address of the search page: the one place where what is asked is kept, so that it can be sent and gone back to. */
import {
  FOUND_KINDS,
  LONGEST_SEARCH,
  POST_STATUSES,
  type FoundKind,
  type PostStatus,
  type SearchAsked,
} from "@dfworx/api";

import { isDay, startOfDay } from "./days";

/** Messages come over the live connection; the others from the web service. */
export const KINDS = [...FOUND_KINDS, "messages"] as const;
export type Kind = FoundKind | "messages";

export interface Address {
  q: string;
  kind?: Kind | undefined;
  category?: string | undefined;
  author?: string | undefined;
  status?: PostStatus | undefined;
  /** Days of the reader's calendar, as in 2026-01-31: from that day, and before that day. */
  after?: string | undefined;
  before?: string | undefined;
}

export type FilterName = "category" | "author" | "status" | "after" | "before";
export const FILTER_NAMES: FilterName[] = ["category", "author", "status", "after", "before"];
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** What the address says, less what makes no sense. */
export function readAddress(search: URLSearchParams): Address {
  const kind = KINDS.find((each) => each === search.get("kind"));
  const status = POST_STATUSES.find((each) => each === search.get("status"));
  const category = search.get("category")?.slice(0, 100);
  const author = search.get("author");
  const after = search.get("after");
  const before = search.get("before");
  return {
    q: cut((search.get("q") ?? "").trim()),
    ...(kind && { kind }),
    ...(category && { category }),
    ...(author && UUID.test(author) && { author }),
    ...(status && { status }),
    ...(after && isDay(after) && { after }),
    ...(before && isDay(before) && { before }),
  };
}

export function addressPath(address: Address): string {
  const said = Object.entries(address).filter(([, value]) => value);
  return said.length > 0 ? `/search?${new URLSearchParams(said as [string, string][])}` : "/search";
}

/** What the service is asked: its days are moments, and begin where the reader is. */
export function askedOf({ after, before, kind, ...rest }: Address, timeZone: string): SearchAsked {
  const asked = {
    ...rest,
    kind: kind === "messages" ? undefined : kind,
    after: after && startOfDay(after, timeZone),
    before: before && startOfDay(before, timeZone),
  };
  // A key of the cache: server and browser must write the same.
  return Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== undefined)) as unknown as SearchAsked;
}

/** What messages are searched by, as convex/searching.ts takes it. They have neither category nor status. */
export function messagesAsked({ q, author, after, before }: Address, timeZone: string): string {
  const filters = [
    author && `from:${author}`,
    after && `after:${startOfDay(after, timeZone)}`,
    before && `before:${startOfDay(before, timeZone)}`,
  ];
  return q && [q, ...filters.filter(Boolean)].join(" ");
}

export function hasFilters(address: Address): boolean {
  return FILTER_NAMES.some((name) => address[name]);
}

export function withoutFilters({ q, kind }: Address): Address {
  return { q, ...(kind && { kind }) };
}

/** As long as the service takes, and never half of a character. */
export function cut(words: string): string {
  return [...words].slice(0, LONGEST_SEARCH).join("");
}
