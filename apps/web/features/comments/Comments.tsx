"use client";

import type { Me, Post } from "@dfworx/api";
import { Button } from "@dfworx/ui/Button";
import { SkeletonRows } from "@dfworx/ui/Skeleton";
import { EmptyState } from "@dfworx/ui/State";
import { useTranslations } from "next-intl";

import { useAskedToWrite, useBeside } from "@/features/beside/BesidePost";
import { Failed } from "@/features/shell/Failed";

import { CommentList } from "./CommentList";
import { COMPOSER } from "./places";
import { useComments } from "./useComments";
import { useOutgoing } from "./useOutgoing";
import { useWriting, type Mode } from "./useWriting";
import { WriteComment } from "./WriteComment";

/** The comments under a post and the place to write one. */
export function Comments({ post, me }: { post: Post; me: Me }) {
  const t = useTranslations("comments");
  const { commentId } = useBeside();
  const { query, comments } = useComments(post, { enabled: true });
  const outgoing = useOutgoing(post, me);
  const writing = useWriting(post, me, outgoing.send);
  const mayWrite = post.status === "published" || post.status === "draft";
  const begin = (mode: Mode) => {
    writing.begin(mode);
    // A composer that is there already takes no focus by itself.
    requestAnimationFrame(() => document.getElementById(COMPOSER)?.focus());
  };
  useAskedToWrite(() => document.getElementById(COMPOSER)?.focus());
  const isEmpty = comments.length === 0 && outgoing.items.length === 0;
  return (
    <>
      <div className="flex min-h-0 grow flex-col overflow-y-auto scroll-quiet scroll-p-4">
        {query.isError && !query.data ? (
          <Failed title={t("failedTitle")} error={query.error} again={() => void query.refetch()} />
        ) : query.isPending ? (
          <SkeletonRows label={t("loading")} rows={5} />
        ) : isEmpty ? (
          <EmptyState
            title={t("emptyTitle")}
            actions={mayWrite && <Button onClick={() => begin({ kind: "new" })}>{t("emptyAction")}</Button>}
          >
            {mayWrite ? t("emptyText") : t("emptyClosed")}
          </EmptyState>
        ) : (
          <CommentList
            {...{ post, me, comments, outgoing }}
            meantId={commentId}
            more={{
              has: query.hasNextPage,
              isLoading: query.isFetchingNextPage,
              hasFailed: query.isFetchNextPageError,
              load: () => void query.fetchNextPage(),
            }}
            reply={mayWrite ? (to) => begin({ kind: "reply", to }) : undefined}
            edit={(comment) => begin({ kind: "edit", comment })}
            editedId={writing.mode.kind === "edit" ? writing.mode.comment.comment_id : null}
          />
        )}
      </div>
      <div className="shrink-0 border-t border-line p-3">
        <WriteComment
          {...{ post, me, writing }}
          last={comments.findLast((each) => each.author.user_id === me.user_id && !each.removed)}
        />
      </div>
    </>
  );
}
