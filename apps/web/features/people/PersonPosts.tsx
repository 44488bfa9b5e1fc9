"use client";

import { listPosts } from "@dfworx/api";
import { useApi } from "@dfworx/api/react";
import { SkeletonRows } from "@dfworx/ui/Skeleton";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";

import { PostList } from "@/features/posts/PostList";
import { Failed } from "@/features/shell/Failed";

export function PersonPosts({ userId, name }: { userId: string; name: string }) {
  const t = useTranslations("people");
  const posts = useTranslations("posts");
  const list = useInfiniteQuery(listPosts(useApi(), { author: userId, status: "published" }));
  const found = list.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <section aria-label={t("postsOf", { name })} className="flex grow flex-col border-t border-line pt-2">
      {list.isError && found.length === 0 ? (
        <Failed title={posts("failedTitle")} error={list.error} again={() => void list.refetch()} />
      ) : list.isPending ? (
        <SkeletonRows label={posts("loading")} rows={4} />
      ) : found.length === 0 ? (
        <p className="px-4 py-6 text-ink-3 md:px-8">{t("noPosts", { name })}</p>
      ) : (
        <PostList
          posts={found}
          more={list.hasNextPage}
          loading={list.isFetchingNextPage}
          failed={list.isFetchNextPageError}
          loadMore={() => void list.fetchNextPage()}
        />
      )}
    </section>
  );
}
