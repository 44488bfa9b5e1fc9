import { listNotifications } from "@dfworx/api";
import { HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";

import { InboxPage } from "@/features/notifications/InboxPage";
import { prefetch } from "@/features/session/server";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("shell"))("inbox") };
}

export default async function Page({ searchParams }: { searchParams: Promise<Record<string, string | string[]>> }) {
  const onlyUnread = "unread" in (await searchParams);
  const state = await prefetch((queries, api) => queries.prefetchInfiniteQuery(listNotifications(api, onlyUnread)));
  return (
    <HydrationBoundary state={state}>
      <InboxPage />
    </HydrationBoundary>
  );
}
