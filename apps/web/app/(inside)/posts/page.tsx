import { listPosts, listReads } from "@dfworx/api";
import { HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";

import { readFilters } from "@/features/posts/filters";
import { PostListPage } from "@/features/posts/PostListPage";
import { prefetch } from "@/features/session/server";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("posts"))("title") };
}

export default async function Page({ searchParams }: { searchParams: Promise<Record<string, string | string[]>> }) {
  const asked = new URLSearchParams(
    Object.entries(await searchParams).map(([name, value]) => [name, Array.isArray(value) ? (value[0] ?? "") : value]),
  );
  const state = await prefetch(async (queries, api) => {
    const list = listPosts(api, readFilters(asked));
    await queries.prefetchInfiniteQuery(list);
    const shown = queries.getQueryData(list.queryKey)?.pages[0]?.items ?? [];
    if (shown.length > 0)
      await queries.prefetchQuery(
        listReads(
          api,
          shown.map((each) => each.post_id),
        ),
      );
  });
  return (
    <HydrationBoundary state={state}>
      <PostListPage />
    </HydrationBoundary>
  );
}
