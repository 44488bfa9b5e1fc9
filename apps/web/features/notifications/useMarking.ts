"use client";

/** Marking what one was told: shown in the same frame, taken back in place when the service refuses. */
import {
  listUnread,
  markAllRead,
  MOST_UNREAD,
  notificationKeys,
  setRead,
  type Api,
  type Notification,
} from "@dfworx/api";
import { useApi } from "@dfworx/api/react";
import { useToast } from "@dfworx/ui/Toast";
import { useMutation, useQueryClient, type InfiniteData, type QueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";

type Pages = InfiniteData<{ items: Notification[]; next_cursor?: string | null }>;

interface Marked {
  ids: string[];
  isRead: boolean;
}

export function useMarking() {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ ids, isRead }: Marked) => setEach(api, ids, isRead),
    onMutate: ({ ids, isRead }) => change(queries, new Set(ids), isRead),
    onError: (_error, _marked, before) => before?.(),
    onSettled: () => queries.invalidateQueries({ queryKey: notificationKeys.count }),
  });
}

/** All that is shown and older; what came meanwhile stays unread. It can be undone, for the newest hundred. */
export function useMarkingAll(newest: Notification | undefined) {
  const api = useApi();
  const queries = useQueryClient();
  const tell = useToast();
  const t = useTranslations("finding.inbox");
  const undo = useMarking();
  return useMutation({
    mutationFn: async (until: string) => {
      const before = await listUnread(api);
      await markAllRead(api, until);
      return before;
    },
    onMutate: () => change(queries, null, true),
    onError: (_error, _until, before) => before?.(),
    onSuccess: ({ items, more }) => {
      const ids = items
        .filter((each) => newest && each.created_at <= newest.created_at)
        .map((each) => each.notification_id);
      if (ids.length === 0) return;
      const label = more ? t("undoNewest", { count: ids.length }) : t("undo");
      tell(t("allMarked"), {
        label,
        run: () =>
          undo.mutate(
            { ids, isRead: false },
            { onSettled: () => queries.invalidateQueries({ queryKey: notificationKeys.all }) },
          ),
      });
    },
    onSettled: () => queries.invalidateQueries({ queryKey: notificationKeys.all }),
  });
}

const AT_ONCE = 6;

async function setEach(api: Api, ids: string[], isRead: boolean): Promise<void> {
  for (let at = 0; at < ids.length; at += AT_ONCE)
    await Promise.all(ids.slice(at, at + AT_ONCE).map((id) => setRead(api, id, isRead)));
}

/** Writes it into what is shown, `null` being all, and gives what takes it back. */
async function change(queries: QueryClient, ids: Set<string> | null, isRead: boolean): Promise<() => void> {
  await queries.cancelQueries({ queryKey: notificationKeys.all });
  const lists = queries.getQueriesData<Pages>({ queryKey: notificationKeys.lists });
  const count = queries.getQueryData<number>(notificationKeys.count);
  const read_at = isRead ? new Date().toISOString() : null;
  queries.setQueriesData<Pages>(
    { queryKey: notificationKeys.lists },
    (pages) =>
      pages && {
        ...pages,
        pages: pages.pages.map((page) => ({
          ...page,
          items: page.items.map((each) =>
            (ids?.has(each.notification_id) ?? true) && (each.read_at !== null) !== isRead
              ? { ...each, read_at }
              : each,
          ),
        })),
      },
  );
  if (count !== undefined) {
    const changed = ids?.size ?? count;
    queries.setQueryData(
      notificationKeys.count,
      Math.min(MOST_UNREAD, Math.max(0, count + (isRead ? -changed : changed))),
    );
  }
  return () => {
    for (const [key, pages] of lists) queries.setQueryData(key, pages);
    queries.setQueryData(notificationKeys.count, count);
  };
}
