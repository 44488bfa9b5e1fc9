"use client";

import { Count } from "@dfworx/ui/Badge";
import { SkeletonRows } from "@dfworx/ui/Skeleton";
import clsx from "clsx";
import { Archive, Hash } from "lucide-react";
import { useTranslations } from "next-intl";

import { NearLink } from "@/features/shell/NearLink";
import { pathOfThread } from "@/features/shell/paths";
import { Time } from "@dfworx/ui/time/Time";

import { groupThreads, nameOf } from "./threads";
import type { ListedThread } from "./useThreads";

interface Props {
  listed: ListedThread[] | undefined;
  currentId: string | null;
}

/** The organization's thread and those with a name; archived ones come last. */
export function ThreadList({ listed, currentId }: Props) {
  const t = useTranslations("chat");
  if (!listed) return <SkeletonRows label={t("loadingThreads")} rows={6} />;
  const groups = groupThreads(listed);
  return groups.map(({ kind, threads }) => (
    <section key={kind} aria-label={t(kind)}>
      <h2 className="mt-3 mb-1 px-2 text-xs leading-5 font-medium text-ink-3">{t(kind)}</h2>
      <ul>
        {threads.map((each) => (
          <Row key={each.thread.thread_id} listed={each} isCurrent={each.thread.thread_id === currentId} />
        ))}
      </ul>
    </section>
  ));
}

function Row({ listed, isCurrent }: { listed: ListedThread; isCurrent: boolean }) {
  const t = useTranslations("chat");
  const { thread, lastAt, unread } = listed;
  const isUnread = unread > 0;
  const Icon = thread.archived_at === null ? Hash : Archive;
  return (
    <li>
      <NearLink
        href={pathOfThread(thread.thread_id)}
        data-row={thread.thread_id}
        aria-current={isCurrent ? "page" : undefined}
        className={clsx(
          "flex h-9 items-center gap-2 rounded-sm px-2 text-sm focus-visible:-outline-offset-2 focus-visible:rounded-sm max-md:h-13 pointer-coarse:min-h-11",
          isCurrent ? "bg-selected" : "hover:bg-hover",
          isUnread || isCurrent ? "text-ink" : "text-ink-2",
        )}
      >
        <Icon className="size-3.5 shrink-0 stroke-[1.75] text-ink-3" aria-hidden />
        <span className={clsx("min-w-0 grow truncate text-start", isUnread && "font-semibold")} dir="auto">
          {nameOf(thread, t("everyone"))}
        </span>
        {isUnread && (
          <>
            <span className="sr-only">{t("unread", { count: unread })}</span>
            <span aria-hidden className="flex">
              <Count value={unread} kind="new" />
            </span>
          </>
        )}
        {lastAt !== null && <Time at={new Date(lastAt).toISOString()} className="shrink-0 text-xs text-ink-3" />}
      </NearLink>
    </li>
  );
}
