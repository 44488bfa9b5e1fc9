"use client";

import { listCategories, type Found, type FoundComment, type FoundPerson, type FoundPost } from "@dfworx/api";
import { useApi } from "@dfworx/api/react";
import { Avatar } from "@dfworx/ui/Avatar";
import { Badge } from "@dfworx/ui/Badge";
import { useQuery } from "@tanstack/react-query";
import { FileText } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";

import { Continuation } from "@/features/shell/Continuation";
import { pathOfComment, pathOfPerson, pathOfPost } from "@/features/shell/paths";
import { useRows } from "@/features/shortcuts/useRows";
import { Time } from "@/features/time/Time";

import { Parts } from "./Parts";

interface SearchResultsProps {
  found: Found[];
  more: boolean;
  loading: boolean;
  failed: boolean;
  loadMore: () => void;
}

export function SearchResults({ found, ...rest }: SearchResultsProps) {
  const t = useTranslations("finding.search");
  const list = useRows<HTMLOListElement>();
  return (
    <>
      <ol ref={list} aria-label={t("list")} className="py-2">
        {found.map((item) => {
          if (item.kind === "post") return <PostFound key={item.post_id} post={item} />;
          if (item.kind === "comment") return <CommentFound key={item.comment_id} comment={item} />;
          return <PersonFound key={item.user_id} person={item} />;
        })}
      </ol>
      <Continuation {...rest} length={found.length} label={t("loadingMore")} />
    </>
  );
}

function PostFound({ post }: { post: FoundPost }) {
  const t = useTranslations("finding.search");
  const statuses = useTranslations("posts.statuses");
  const { data: categories } = useQuery(listCategories(useApi()));
  const category = categories?.find((each) => each.slug === post.category)?.name ?? post.category;
  return (
    <Row
      icon={<FileText className="size-4 stroke-[1.75] text-ink-3" role="img" aria-label={t("kind.post")} />}
      href={pathOfPost(post.slug)}
      title={<Parts parts={post.title_parts} />}
      badge={post.status !== "published" && <Badge>{statuses(post.status)}</Badge>}
      snippet={<Parts parts={post.snippet} />}
      meta={[category, post.author.name]}
      at={post.published_at ?? post.created_at}
    />
  );
}

function CommentFound({ comment }: { comment: FoundComment }) {
  const t = useTranslations("finding.search");
  return (
    <Row
      icon={<Avatar person={comment.author} decorative />}
      href={pathOfComment(comment.post_slug, comment.comment_id)}
      title={t("commentOn", { name: comment.author.name ?? t("someone"), title: comment.post_title })}
      snippet={<Parts parts={comment.snippet} />}
      meta={[]}
      at={comment.created_at}
    />
  );
}

function PersonFound({ person }: { person: FoundPerson }) {
  const roles = useTranslations("finding.roles");
  return (
    <Row
      icon={<Avatar person={person} decorative />}
      href={pathOfPerson(person.user_id)}
      title={<Parts parts={person.name_parts} />}
      snippet={roles(person.role)}
      meta={[]}
    />
  );
}

interface RowProps {
  icon: ReactNode;
  href: string;
  title: ReactNode;
  badge?: ReactNode;
  snippet: ReactNode;
  meta: (string | null | undefined)[];
  at?: string;
}

/** The whole row leads to what was found, by its title's link. */
function Row({ icon, href, title, badge, snippet, meta, at }: RowProps) {
  const said = meta.filter(Boolean).join(" · ");
  return (
    <li className="relative mx-2 grid grid-cols-[24px_minmax(0,1fr)_auto] gap-x-3 rounded-md px-3 py-2.5 not-first:before:absolute not-first:before:inset-x-3 not-first:before:top-0 not-first:before:border-t not-first:before:border-line hover:bg-hover max-md:mx-1">
      <span className="grid h-6 place-items-center">{icon}</span>
      <div className="min-w-0 max-w-[46rem]">
        <div className="flex min-w-0 items-center gap-2">
          <Link
            data-row
            href={href}
            dir="auto"
            className="min-w-0 truncate text-start leading-6 font-medium text-ink after:absolute after:inset-0 after:rounded-md focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:outline-ring max-md:text-[1rem]"
          >
            {title}
          </Link>
          {badge}
        </div>
        <p dir="auto" className="line-clamp-2 text-start text-sm break-words text-ink-2 max-md:text-base">
          {snippet}
        </p>
        {said && (
          <p dir="auto" className="mt-1 truncate text-start text-xs text-ink-3">
            {said}
          </p>
        )}
      </div>
      {at && <Time at={at} className="relative mt-1 text-xs whitespace-nowrap text-ink-3" />}
    </li>
  );
}
