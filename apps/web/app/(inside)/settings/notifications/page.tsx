import { getPreferences } from "@dfworx/api";
import { HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";

import { prefetch } from "@/features/session/server";
import { NotificationSettings } from "@/features/settings/NotificationSettings";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("settings.pages"))("notifications") };
}

export default async function Page() {
  const state = await prefetch((queries, api) => queries.prefetchQuery(getPreferences(api)));
  return (
    <HydrationBoundary state={state}>
      <NotificationSettings />
    </HydrationBoundary>
  );
}
