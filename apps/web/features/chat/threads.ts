import type { BesidePost, Thread } from "@dfworx/api/live";

import type { ListedThread } from "./useThreads";

/** The organization's own has none: it is called as the language calls everybody. */
export function nameOf(thread: Thread | BesidePost, everyone: string): string {
  return thread.name ?? everyone;
}

type Kind = "organization" | "named" | "post" | "archived";

/** As they stand in the list; groups without threads are left out. */
export function groupThreads(listed: readonly ListedThread[]): { kind: Kind; threads: ListedThread[] }[] {
  const kindOf = ({ thread }: ListedThread): Kind => (thread.archived_at === null ? thread.kind : "archived");
  return (["organization", "named", "post", "archived"] as const)
    .map((kind) => ({ kind, threads: listed.filter((each) => kindOf(each) === kind) }))
    .filter(({ threads }) => threads.length > 0);
}

/** The id of the thread after this one as they stand in the list, around its end; null when there is no other. */
export function stepFrom(
  listed: readonly ListedThread[],
  currentId: string | null,
  step: number,
  onlyUnread: boolean,
): string | null {
  const threads = groupThreads(listed).flatMap((group) => group.threads);
  const at = threads.findIndex((each) => each.thread.thread_id === currentId);
  for (let gone = 1; gone <= threads.length; gone++) {
    const begin = at === -1 && step < 0 ? threads.length : at;
    const next = threads[(begin + step * gone + threads.length * 2) % threads.length];
    if (next && next.thread.thread_id !== currentId && (!onlyUnread || next.unread > 0)) return next.thread.thread_id;
  }
  return null;
}
