"use client";

import { listCategories, type Found, type FoundComment, type FoundPerson, type FoundPost } from "@dfworx/api";
import { useApi } from "@dfworx/api/react";
import { Avatar } from "@dfworx/ui/Avatar";
import { Badge } from "@dfworx/ui/Badge";
import { useQuery } from "@tanstack/react-query";
import { FileText } from "lucide-react";
import { useTranslations } from "next-intl";

import { Continuation } from "@/features/shell/Continuation";
import { pathOfComment, pathOfPerson, pathOfPost } from "@/features/shell/paths";
import { useRows } from "@/features/shortcuts/useRows";

import { FoundRow } from "./FoundRow";
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
    <FoundRow
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
    <FoundRow
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
    <FoundRow
      icon={<Avatar person={person} decorative />}
      href={pathOfPerson(person.user_id)}
      title={<Parts parts={person.name_parts} />}
      snippet={roles(person.role)}
      meta={[]}
    />
  );
}
