/** What the admin service is asked, and answers, by name. */
import type * as admin from "../../admin.gen";

export type AdminShapes = admin.components["schemas"];
type Paths = admin.paths;

/** What one may ask for in the query of an address, but for where a page begins. */
export type Asked<Path extends keyof Paths> = Paths[Path] extends { get: { parameters: { query?: infer Query } } }
  ? Omit<NonNullable<Query>, "cursor" | "limit">
  : never;

export const ROWS = 50;
/** For infinite queries: where the next page begins. */
export const inPages = {
  initialPageParam: null as string | null,
  getNextPageParam: (page: { next_cursor: string | null }) => page.next_cursor,
};
