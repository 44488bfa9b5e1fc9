"use client";

import { listCategories, type PostItem } from "@dfworx/api";
import { useApi } from "@dfworx/api/react";
import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";

import { useReads } from "@/features/reads/useReads";
import { Continuation } from "@/features/shell/Continuation";
import { useRows } from "@/features/shortcuts/useRows";
import { useHeadings } from "@/features/time/useHeadings";

import { listedAt, PostRow } from "./PostRow";

interface PostListProps {
  posts: PostItem[];
  more: boolean;
  loading: boolean;
  failed: boolean;
  loadMore: () => void;
}

/** By the day they were published, or begun; more comes before the end is reached. */
export function PostList({ posts, more, ...rest }: PostListProps) {
  const t = useTranslations("posts");
  const { data: categories } = useQuery(listCategories(useApi()));
  const names = new Map(categories?.map((each) => [each.slug, each.name]));
  const reads = useReads(posts);
  const rows = useRows<HTMLDivElement>();
  const headingOf = useHeadings();
  const groups: { heading: string; posts: PostItem[] }[] = [];
  for (const post of posts) {
    const heading = headingOf(listedAt(post));
    const last = groups.at(-1);
    if (last?.heading === heading) last.posts.push(post);
    else groups.push({ heading, posts: [post] });
  }
  return (
    <div ref={rows} role="region" aria-label={t("list")}>
      {groups.map((group) => (
        <section key={group.posts[0]?.post_id}>
          <h2 className="sticky top-0 z-1 mt-1.5 flex h-[30px] items-center bg-sheet ps-[46px] pe-5 text-xs font-medium text-ink-3 @max-[44rem]/sheet:ps-8">
            {group.heading}
          </h2>
          <ul>
            {group.posts.map((post) => (
              <PostRow
                key={post.post_id}
                post={post}
                read={reads.get(post.post_id)}
                category={post.category ? (names.get(post.category) ?? post.category) : ""}
              />
            ))}
          </ul>
        </section>
      ))}
      <Continuation {...rest} more={more} label={t("loadingMore")} length={posts.length} />
      {!more && posts.length > 30 && <p className="px-5 py-6 text-center text-xs text-ink-3">{t("end")}</p>}
    </div>
  );
}
