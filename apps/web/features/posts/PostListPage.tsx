"use client";

import { listPosts } from "@dfworx/api";
import { useApi } from "@dfworx/api/react";
import { Button } from "@dfworx/ui/Button";
import { SkeletonRows } from "@dfworx/ui/Skeleton";
import { useInfiniteQuery } from "@tanstack/react-query";
import { ListFilter } from "lucide-react";
import { useTranslations } from "next-intl";

import { NewPostButton } from "@/features/editor/Doors";
import { ReadAllButton } from "@/features/reads/ReadAllButton";
import { useReadingAll } from "@/features/reads/useReading";
import { Failed } from "@/features/shell/Failed";
import { Sheet } from "@/features/shell/Sheet";

import { FilterBar } from "./FilterBar";
import { FilterMenu } from "./FilterMenu";
import { NoPosts } from "./NoPosts";
import { PostList } from "./PostList";
import { PostTabs } from "./PostTabs";
import { useFilters } from "./useFilters";

export function PostListPage() {
  const t = useTranslations("posts");
  const words = useTranslations("filters");
  const { filters, active } = useFilters();
  const list = useInfiniteQuery(listPosts(useApi(), filters));
  const readAll = useReadingAll();
  const posts = list.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Sheet
      title={t("title")}
      actions={
        <>
          <PostTabs filters={filters} className="ms-2.5 hidden grow md:flex" />
          <span className="grow md:hidden" />
          {active.length === 0 && (
            <FilterMenu
              filters={filters}
              trigger={
                <Button
                  look="ghost"
                  size="icon"
                  aria-label={words("filter")}
                  className="max-md:size-11 max-md:[&_svg]:size-5"
                >
                  <ListFilter aria-hidden />
                </Button>
              }
            />
          )}
          {filters.unread && <ReadAllButton all={readAll} />}
          <NewPostButton />
        </>
      }
      tools={
        <>
          <PostTabs filters={filters} className="flex shrink-0 px-4 py-2 md:hidden" />
          {active.length > 0 && <FilterBar filters={filters} active={active} />}
          {readAll.isError && (
            <p role="alert" className="border-b border-line px-5 py-2 text-sm text-danger">
              {t("markAllFailed")}
            </p>
          )}
        </>
      }
    >
      {list.isError && posts.length === 0 ? (
        <Failed title={t("failedTitle")} error={list.error} again={() => void list.refetch()} />
      ) : list.isPending ? (
        <SkeletonRows label={t("loading")} />
      ) : posts.length === 0 ? (
        <NoPosts filters={filters} active={active} />
      ) : (
        <PostList
          posts={posts}
          more={list.hasNextPage}
          loading={list.isFetchingNextPage}
          failed={list.isFetchNextPageError}
          loadMore={() => void list.fetchNextPage()}
        />
      )}
    </Sheet>
  );
}
