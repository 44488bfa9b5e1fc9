"use client";

import { countUnread, listNotifications } from "@dfworx/api";
import { useApi } from "@dfworx/api/react";
import { Button } from "@dfworx/ui/Button";
import { SkeletonRows } from "@dfworx/ui/Skeleton";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { CheckCheck } from "lucide-react";
import { useSearchParams } from "next/navigation";
import { useTranslations } from "next-intl";

import { Tabs } from "@/features/shell/Tabs";
import { Failed } from "@/features/shell/Failed";
import { Sheet } from "@/features/shell/Sheet";

import { InboxList } from "./InboxList";
import { NothingTold } from "./NothingTold";
import { useMarkingAll } from "./useMarking";

/** What one was told. The address says whether only what is unread. */
export function InboxPage() {
  const t = useTranslations("finding.inbox");
  const shell = useTranslations("shell");
  const api = useApi();
  const onlyUnread = useSearchParams().has("unread");
  const list = useInfiniteQuery(listNotifications(api, onlyUnread));
  const { data: count = 0 } = useQuery(countUnread(api));
  const told = list.data?.pages.flatMap((page) => page.items) ?? [];
  const markAll = useMarkingAll(told[0]);
  const newest = told[0];
  const tabs = (className: string) => (
    <Tabs
      label={t("which")}
      className={className}
      tabs={[
        { label: t("all"), href: "/notifications", isCurrent: !onlyUnread },
        { label: t("unread"), href: "/notifications?unread", isCurrent: onlyUnread, count, isNew: true },
      ]}
    />
  );
  return (
    <Sheet
      title={shell("inbox")}
      actions={
        <>
          {tabs("ms-2.5 hidden grow md:flex")}
          <span className="grow md:hidden" />
          {newest && (count > 0 || markAll.isPending) && (
            <Button
              look="ghost"
              busy={markAll.isPending && t("markingAll")}
              onClick={() => markAll.mutate(newest.created_at)}
            >
              <CheckCheck aria-hidden />
              {t("markAll")}
            </Button>
          )}
        </>
      }
      tools={
        <>
          {tabs("flex shrink-0 px-4 py-2 md:hidden")}
          {markAll.isError && (
            <p role="alert" className="border-b border-line px-5 py-2 text-sm text-danger">
              {t("markAllFailed")}
            </p>
          )}
        </>
      }
    >
      {list.isError && told.length === 0 ? (
        <Failed title={t("failedTitle")} error={list.error} again={() => void list.refetch()} />
      ) : list.isPending ? (
        <SkeletonRows label={t("loading")} />
      ) : told.length === 0 ? (
        <NothingTold onlyUnread={onlyUnread} />
      ) : (
        <InboxList
          told={told}
          more={list.hasNextPage}
          loading={list.isFetchingNextPage}
          failed={list.isFetchNextPageError}
          loadMore={() => void list.fetchNextPage()}
        />
      )}
    </Sheet>
  );
}
