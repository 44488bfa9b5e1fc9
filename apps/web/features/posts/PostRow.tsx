"use client";

import { getMe, type PostItem, type Read } from "@dfworx/api";
import { useApi } from "@dfworx/api/react";
import { Avatar } from "@dfworx/ui/Avatar";
import { Badge, shownCount, Tick } from "@dfworx/ui/Badge";
import { useQuery } from "@tanstack/react-query";
import clsx from "clsx";
import { Clock, Lock, MessageSquare, Pin, Users } from "lucide-react";
import { useTranslations } from "next-intl";

import { NearLink } from "@/features/shell/NearLink";
import { Time, useReader } from "@dfworx/ui/time/Time";
import { shortTime } from "@dfworx/ui/time/when";
import { pathOfPost } from "@/features/shell/paths";

import { WhoIsThere } from "./WhoIsThere";

/** What lists are ordered by. */
export function listedAt(post: PostItem): string {
  return post.trashed_at ?? post.published_at ?? post.created_at;
}

/** Columns on a wide sheet; on a narrow one they fold into a third line. The first column is for the mark of what is
 * new. The whole row leads to the post, by its title's link. */
export function PostRow({ post, category, read }: { post: PostItem; category: string; read: Read | undefined }) {
  const t = useTranslations("posts");
  const { data: me } = useQuery(getMe(useApi()));
  const isUnread = read?.is_unread ?? false;
  const tick = `unread-${post.post_id}`;
  const fresh = read?.new_comments ?? 0;
  const comments =
    t("comments", { count: post.comment_count }) +
    (fresh > 0 ? `, ${t("newComments", { count: shownCount(fresh) })}` : "");
  return (
    <li
      data-dense
      className="relative mx-2 grid grid-cols-[14px_minmax(0,1fr)_92px_24px_46px_84px] items-center gap-x-3 rounded-md py-2 ps-3 pe-5 [contain-intrinsic-size:auto_41px] [content-visibility:auto] not-first:before:absolute not-first:before:start-9.5 not-first:before:end-3 not-first:before:top-0 not-first:before:border-t not-first:before:border-line hover:bg-hover @max-[44rem]/sheet:mx-1 @max-[44rem]/sheet:[contain-intrinsic-size:auto_84px] @max-[44rem]/sheet:grid-cols-[10px_minmax(0,1fr)_auto] @max-[44rem]/sheet:gap-x-2.5 @max-[44rem]/sheet:py-[11px] @max-[44rem]/sheet:ps-2 @max-[44rem]/sheet:pe-4 @max-[44rem]/sheet:not-first:before:start-5"
    >
      <span className="grid place-items-center @max-[44rem]/sheet:mt-2 @max-[44rem]/sheet:self-start">
        {isUnread && <Tick id={tick}>{t("unreadPost")}</Tick>}
      </span>
      <div className="min-w-0 text-start">
        <div className="flex min-w-0 items-center gap-2">
          <NearLink
            data-row
            href={pathOfPost(post.slug)}
            aria-describedby={isUnread ? tick : undefined}
            className={clsx(
              "min-w-0 truncate text-start after:absolute after:inset-0 after:rounded-md focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:outline-ring max-md:text-[1rem] max-md:leading-[22px]",
              isUnread ? "font-semibold text-ink" : "text-ink-2",
            )}
            dir="auto"
          >
            {post.title}
          </NearLink>
          <State post={post} />
          <WhoIsThere postId={post.post_id} me={me?.user_id} />
        </div>
        <p
          data-roomy
          className="mt-px truncate text-start text-sm text-ink-3 @max-[44rem]/sheet:line-clamp-2 @max-[44rem]/sheet:whitespace-normal max-md:text-base"
          dir="auto"
        >
          {post.excerpt}
        </p>
        <p className="mt-[5px] hidden truncate text-xs text-ink-3 @max-[44rem]/sheet:block">
          {[category, post.author.name, post.comment_count > 0 && comments].filter(Boolean).join(" · ")}
        </p>
      </div>
      <span className="truncate text-start text-xs text-ink-3 @max-[44rem]/sheet:hidden" dir="auto">
        {category}
      </span>
      <span className="flex @max-[44rem]/sheet:hidden">
        <Avatar person={post.author} size="small" />
      </span>
      <span className="flex items-center gap-1 text-xs text-ink-3 tabular-nums @max-[44rem]/sheet:hidden">
        {post.comment_count > 0 && (
          <>
            <MessageSquare className="size-[13px] stroke-[1.75]" aria-hidden />
            <span className="sr-only">{comments}</span>
            <span aria-hidden className={fresh > 0 ? "font-semibold text-link" : undefined}>
              {post.comment_count}
            </span>
          </>
        )}
      </span>
      <Time
        at={listedAt(post)}
        className="relative text-end text-xs whitespace-nowrap text-ink-3 @max-[44rem]/sheet:mt-[3px] @max-[44rem]/sheet:self-start"
      />
    </li>
  );
}

/** What is not the normal case: published, and for the whole organization. */
function State({ post }: { post: PostItem }) {
  const t = useTranslations("posts");
  const reader = useReader();
  return (
    <>
      {post.pinned_at && <Pin className="size-[13px] shrink-0 text-ink-3" role="img" aria-label={t("pinned")} />}
      {post.visibility === "author" && post.status !== "draft" && (
        <Lock className="size-[13px] shrink-0 text-ink-3" role="img" aria-label={t("onlyYou")} />
      )}
      {post.visibility === "people" && (
        <Users className="size-[13px] shrink-0 text-ink-3" role="img" aria-label={t("somePeople")} />
      )}
      {post.publish_at && post.status === "draft" ? (
        <Badge>
          <Clock aria-hidden />
          {t("publishes", { when: shortTime(post.publish_at, reader) })}
        </Badge>
      ) : (
        post.status !== "published" && <Badge>{t(`statuses.${post.status}`)}</Badge>
      )}
    </>
  );
}
