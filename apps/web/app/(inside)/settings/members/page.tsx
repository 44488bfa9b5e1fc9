import { getMe, listInvitations, listMembers } from "@dfworx/api";
import { HydrationBoundary, QueryClient } from "@tanstack/react-query";
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { getTranslations } from "next-intl/server";

import { ResumeSession } from "@/features/session/ResumeSession";
import { prefetch, readAsCaller } from "@/features/session/server";
import { MemberSettings } from "@/features/settings/MemberSettings";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("settings.pages"))("members") };
}

export default async function Page() {
  const me = await readAsCaller((api) => new QueryClient().fetchQuery(getMe(api)));
  if (me === "signed-out") return <ResumeSession>{null}</ResumeSession>;
  if (me.role !== "admin") notFound();
  const state = await prefetch((queries, api) =>
    Promise.all([
      queries.prefetchInfiniteQuery(listMembers(api, "")),
      queries.prefetchInfiniteQuery(listInvitations(api)),
    ]),
  );
  return (
    <HydrationBoundary state={state}>
      <MemberSettings />
    </HydrationBoundary>
  );
}
