import { getPostBySlug, listRevisions } from "@dfworx/api";
import { HydrationBoundary } from "@tanstack/react-query";
import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";

import { RevisionsPage } from "@/features/revisions/RevisionsPage";
import { prefetch } from "@/features/session/server";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("revisions"))("title") };
}

export default async function Page({ params }: { params: Promise<{ slug: string }> }) {
  const slug = decodeURIComponent((await params).slug);
  const state = await prefetch(async (queries, api) => {
    await queries.prefetchQuery(getPostBySlug(api, slug));
    const post = queries.getQueryData(getPostBySlug(api, slug).queryKey);
    if (post) await queries.prefetchInfiniteQuery(listRevisions(api, post.post_id));
  });
  return (
    <HydrationBoundary state={state}>
      <RevisionsPage slug={slug} />
    </HydrationBoundary>
  );
}
