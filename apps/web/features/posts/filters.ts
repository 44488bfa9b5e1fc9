/** Filters live in the address: what is on is seen there, kept by it and shared with it. */
import { POST_STATUSES, type PostFilters } from "@dfworx/api";

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** What can't be a filter is left out, so that a mistyped address still shows posts. */
export function readFilters(search: { get(name: string): string | null }): PostFilters {
  const status = POST_STATUSES.find((each) => each === search.get("status"));
  const category = search.get("category");
  const author = search.get("author");
  return {
    ...(status && { status }),
    ...(category && { category }),
    ...(author && UUID.test(author) && { author }),
  };
}

export function postsPath(filters: PostFilters): string {
  const query = new URLSearchParams(Object.entries(filters)).toString();
  return query ? `/posts?${query}` : "/posts";
}

export function withFilter(filters: PostFilters, change: PostFilters): string {
  return postsPath({ ...filters, ...change });
}

export function withoutFilter(filters: PostFilters, name: keyof PostFilters): string {
  return postsPath(Object.fromEntries(Object.entries(filters).filter(([each]) => each !== name)));
}
