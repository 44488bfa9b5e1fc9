/** Filters live in the address: what is on is seen there, kept by it and shared with it. */
import { POST_STATUSES, type PostFilters } from "@dfworx/api";

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** What can't be a filter is left out, so that a mistyped address still shows posts. */
export function readFilters(search: { get(name: string): string | null }): PostFilters {
  const status = POST_STATUSES.find((each) => each === search.get("status"));
  const category = search.get("category");
  const author = search.get("author");
  const unread = search.get("unread") === "true";
  return {
    ...(unread ? { unread } : status && { status }),
    ...(category && { category }),
    ...(author && UUID.test(author) && { author }),
  };
}

export function postsPath(filters: PostFilters): string {
  const query = new URLSearchParams(Object.entries(filters).map(([name, value]) => [name, String(value)])).toString();
  return query ? `/posts?${query}` : "/posts";
}

/** A status takes the place of "unread": what is unread is published. */
export function withFilter({ unread, ...filters }: PostFilters, change: PostFilters): string {
  return postsPath({ ...(unread && !change.status && { unread }), ...filters, ...change });
}

export function withoutFilter(filters: PostFilters, name: keyof PostFilters): string {
  return postsPath(Object.fromEntries(Object.entries(filters).filter(([each]) => each !== name)));
}
