import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";

import { read, type Api } from "../client";
import type { components } from "../web.gen";
import type { PostStatus } from "./posts";

type Schemas = components["schemas"];
export type FoundPost = Schemas["FoundPost"];
export type FoundComment = Schemas["FoundComment"];
export type FoundPerson = Schemas["FoundPerson"];
export type Found = FoundPost | FoundComment | FoundPerson;
/** A piece of plain text, a hit or not: never markup. */
export type FoundPart = FoundPost["title_parts"][number];

export const FOUND_KINDS = ["post", "comment", "person"] as const;
export type FoundKind = (typeof FOUND_KINDS)[number];
/** The service refuses longer ones. */
export const LONGEST_SEARCH = 200;

export interface SearchAsked {
  q: string;
  kind?: FoundKind;
  /** A category's slug. */
  category?: string;
  /** A person's user_id. */
  author?: string;
  status?: PostStatus;
  /** Moments, as in 2026-01-31T23:00:00Z: the first is part of the time, the second isn't. */
  after?: string;
  before?: string;
}

/** Everything with all the words, best first. While other words are asked, what is there stays. */
export function searchEverything(api: Api, asked: SearchAsked) {
  return infiniteQueryOptions({
    queryKey: ["search", "pages", asked],
    queryFn: ({ pageParam, signal }) =>
      read(api.web.GET("/api/web/search", { params: { query: { ...asked, cursor: pageParam, limit: 20 } }, signal })),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
    placeholderData: keepPreviousData,
    enabled: asked.q !== "",
  });
}

/** The best few, while somebody types. */
export function searchAsTyped(api: Api, words: string) {
  return queryOptions({
    queryKey: ["search", "typed", words],
    queryFn: ({ signal }) =>
      read(api.web.GET("/api/web/search", { params: { query: { q: words, limit: 24 } }, signal })),
    enabled: words !== "",
  });
}
