"use client";

import { ApiProblem, getMe, getPostBySlug, listRevisions, type Post, type RevisionItem } from "@dfworx/api";
import { useApi } from "@dfworx/api/react";
import { SkeletonRows } from "@dfworx/ui/Skeleton";
import { NothingFound } from "@dfworx/ui/State";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import clsx from "clsx";
import Link from "next/link";
import { useTranslations } from "next-intl";

import { mayWrite } from "@/features/editor/rights";
import { Failed, HomeButton } from "@/features/shell/Failed";
import { Sheet } from "@/features/shell/Sheet";
import { pathOfPost } from "@/features/shell/paths";

import { RevisionList } from "./RevisionList";
import { RevisionView } from "./RevisionView";
import { useShown } from "./useShown";

/** What a post said before: its versions, and beside them what changed in the one that is chosen. */
export function RevisionsPage({ slug }: { slug: string }) {
  const t = useTranslations("revisions");
  const states = useTranslations("states");
  const post = useQuery(getPostBySlug(useApi(), slug));
  const isAbsent = post.error instanceof ApiProblem && [404, 422].includes(post.error.status);
  return (
    <Sheet isTrail title={<Trail post={post.data} />}>
      {post.data ? (
        <Versions post={post.data} />
      ) : isAbsent ? (
        <NothingFound isPage title={states("notFoundTitle")} actions={<HomeButton />}>
          {states("notFoundText")}
        </NothingFound>
      ) : post.isError ? (
        <Failed title={t("failedTitle")} error={post.error} again={() => void post.refetch()} />
      ) : (
        <SkeletonRows label={t("loading")} />
      )}
    </Sheet>
  );
}

function Versions({ post }: { post: Post }) {
  const t = useTranslations("revisions");
  const api = useApi();
  const list = useInfiniteQuery(listRevisions(api, post.post_id));
  const { data: me } = useQuery(getMe(api));
  const { shown } = useShown();
  const revisions: RevisionItem[] = list.data?.pages.flatMap((page) => page.items) ?? [];
  const current = revisions.find((each) => each.is_current);
  const chosen = shown.version ?? revisions[0]?.version ?? null;
  const mayRestore = post.status !== "trashed" && me !== undefined && mayWrite(post, me);
  if (list.isError && revisions.length === 0) {
    return <Failed title={t("failedTitle")} error={list.error} again={() => void list.refetch()} />;
  }
  if (list.isPending) return <SkeletonRows label={t("loading")} />;
  return (
    <div className="flex min-h-0 grow">
      <div
        className={clsx(
          "flex w-72 shrink-0 flex-col overflow-y-auto border-e border-line scroll-quiet @max-[50rem]/sheet:w-full @max-[50rem]/sheet:border-0",
          shown.version !== null && "@max-[50rem]/sheet:hidden",
        )}
      >
        <RevisionList
          revisions={revisions}
          chosen={chosen}
          more={{
            has: list.hasNextPage,
            isLoading: list.isFetchingNextPage,
            hasFailed: list.isFetchNextPageError,
            load: () => void list.fetchNextPage(),
          }}
        />
      </div>
      <div
        className={clsx(
          "flex min-h-0 min-w-0 grow flex-col overflow-y-auto scroll-quiet",
          shown.version === null && "@max-[50rem]/sheet:hidden",
        )}
      >
        {chosen !== null && (
          <RevisionView
            key={chosen}
            post={post}
            version={chosen}
            item={revisions.find((each) => each.version === chosen)}
            current={current}
            mayRestore={mayRestore}
          />
        )}
      </div>
    </div>
  );
}

function Trail({ post }: { post: Post | undefined }) {
  const t = useTranslations("revisions");
  const posts = useTranslations("posts");
  return (
    <ol className="flex min-w-0 items-center gap-1.5 text-ink-3">
      <li className="shrink-0 max-md:hidden">
        <Link href="/posts" className="hover:text-ink">
          {posts("title")}
        </Link>
      </li>
      {post && (
        <li className="flex min-w-0 items-center gap-1.5 md:before:content-['/']">
          <Link href={pathOfPost(post.slug)} className="truncate hover:text-ink" dir="auto">
            {post.title}
          </Link>
        </li>
      )}
      <li className="flex shrink-0 items-center gap-1.5 before:content-['/']">
        <h1 className="font-medium text-ink">{t("title")}</h1>
      </li>
    </ol>
  );
}
