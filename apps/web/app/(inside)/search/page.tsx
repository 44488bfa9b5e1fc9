import { searchEverything } from "@dfworx/api";
import { HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { getTimeZone, getTranslations } from "next-intl/server";

import { askedOf, readAddress } from "@/features/search/asked";
import { SearchPage } from "@/features/search/SearchPage";
import { prefetch } from "@/features/session/server";

interface Props {
  searchParams: Promise<Record<string, string | string[]>>;
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("finding.search"))("title") };
}

export default async function Page({ searchParams }: Props) {
  const said = Object.entries(await searchParams).map(([name, value]) => [name, [value].flat()[0] ?? ""]);
  const address = readAddress(new URLSearchParams(said));
  const timeZone = await getTimeZone();
  const state = await prefetch(async (queries, api) => {
    if (address.q) await queries.prefetchInfiniteQuery(searchEverything(api, askedOf(address, timeZone)));
  });
  return (
    <HydrationBoundary state={state}>
      <SearchPage />
    </HydrationBoundary>
  );
}
