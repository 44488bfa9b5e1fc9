"use client";

import type { Comment, Me, Post } from "@dfworx/api";
import { Button } from "@dfworx/ui/Button";
import { useTranslations } from "next-intl";
import { useEffect, useRef } from "react";

import { hashOf } from "@/features/shell/paths";

import { OutgoingComment } from "./OutgoingComment";
import { COMMENTS } from "./places";
import { ThreadItem } from "./ThreadItem";
import { threadOf, toThreads } from "./threads";
import type { useOutgoing } from "./useOutgoing";

interface Props {
  post: Post;
  me: Me;
  comments: Comment[];
  outgoing: ReturnType<typeof useOutgoing>;
  /** The comment that the address means. */
  meantId: string | null;
  more: { has: boolean; isLoading: boolean; hasFailed: boolean; load: () => void };
  reply?: ((comment: Comment) => void) | undefined;
  edit: (comment: Comment) => void;
  editedId: string | null;
}

/** The threads that are at hand, what is on its way in its place, and the way to more. */
export function CommentList({ post, me, comments, outgoing, meantId, more, reply, edit, editedId }: Props) {
  const t = useTranslations("comments");
  const states = useTranslations("states");
  const threads = toThreads(comments);
  const meant = meantId ? threadOf(threads, meantId) : undefined;
  useMeant(meantId, Boolean(meant), more);
  const sending = (thread: string | null) =>
    outgoing.items
      .filter(({ parentId }) => (parentId ? (threadOf(threads, parentId)?.first.comment_id ?? null) : null) === thread)
      .map((item) => (
        <OutgoingComment
          key={item.key}
          item={item}
          me={me}
          again={() => outgoing.again(item)}
          discard={() => outgoing.discard(item)}
        />
      ));
  const beginning = sending(null);
  return (
    <>
      <ol id={COMMENTS} tabIndex={-1} aria-label={t("list")} className="outline-none">
        {threads.map((thread) => {
          const under = sending(thread.first.comment_id);
          return (
            <ThreadItem
              key={thread.first.comment_id}
              {...{ thread, post, me, reply, edit, editedId }}
              isMeant={thread === meant}
            >
              {under.length > 0 ? under : undefined}
            </ThreadItem>
          );
        })}
        {beginning.length > 0 && <li className="px-4 py-1.5">{beginning}</li>}
      </ol>
      {meantId && !meant && !more.has && (
        <p role="status" className="px-4 py-3 text-sm text-ink-3">
          {t("meantIsGone")}
        </p>
      )}
      {more.has && (
        <p className="px-4 py-3">
          <Button size="small" busy={more.isLoading && t("loadingMore")} onClick={more.load}>
            {more.hasFailed ? states("tryAgain") : t("showMore")}
          </Button>
          {more.hasFailed && <span className="ms-2 text-xs text-danger">{t("moreFailed")}</span>}
        </p>
      )}
    </>
  );
}

/** Goes on loading until the comment that a link means is there, and brings it into view, once. */
function useMeant(meantId: string | null, isHere: boolean, more: Props["more"]): void {
  const shown = useRef<string | null>(null);
  const { has, isLoading, hasFailed, load } = more;
  useEffect(() => {
    if (!meantId) shown.current = null;
    if (!meantId || shown.current === meantId) return;
    if (!isHere) {
      if (has && !isLoading && !hasFailed) load();
      return;
    }
    shown.current = meantId;
    const element = document.getElementById(hashOf(meantId).slice(1));
    element?.scrollIntoView({ block: "center" });
    element?.focus({ preventScroll: true });
    element?.animate([{ background: "var(--mark)" }, { background: "var(--mark)", offset: 0.7 }, {}], 1000);
  });
}
