"use client";

import type { Comment, Me, Post } from "@dfworx/api";
import { useTranslations } from "next-intl";

import { Composer } from "@/features/composer/Composer";

import { readDraft, writeDraft } from "./drafts";
import { COMMENTS, COMPOSER } from "./places";
import type { useWriting } from "./useWriting";

const LONGEST = 20_000;

interface Props {
  post: Post;
  me: Me;
  writing: ReturnType<typeof useWriting>;
  /** One's own last comment, for ↑. */
  last: Comment | undefined;
}

/** At the foot of the panel: one composer for a new comment, an answer and a change. */
export function WriteComment({ post, me, writing, last }: Props) {
  const t = useTranslations("comments");
  const { mode, asked, begin, send, isSaving, failure } = writing;
  if (post.status === "archived" || post.status === "trashed") {
    return <p className="text-sm text-ink-3">{t(post.status === "archived" ? "archived" : "trashed")}</p>;
  }
  const leave = () => {
    begin({ kind: "new" });
    requestAnimationFrame(() => document.getElementById(COMMENTS)?.focus());
  };
  if (mode.kind === "edit") {
    const { comment } = mode;
    return (
      <Composer
        key={comment.comment_id}
        id={COMPOSER}
        longest={LONGEST}
        label={t("editLabel")}
        initial={comment.content ?? ""}
        strip={t("editing")}
        leave={leave}
        send={send}
        sendLabel={t("save")}
        busy={isSaving}
        failure={failure}
        takesFocus
      />
    );
  }
  const answers = mode.kind === "reply" ? mode.to.comment_id : null;
  const name = mode.kind === "reply" ? (mode.to.author.name ?? t("somebody")) : "";
  return (
    <Composer
      key={answers ?? `new-${asked}`}
      id={COMPOSER}
      longest={LONGEST}
      label={answers ? t("replyLabel") : t("newLabel")}
      initial={readDraft(me, post.post_id, answers)}
      strip={answers ? t("replyingTo", { name }) : undefined}
      leave={answers ? leave : undefined}
      keep={(text) => writeDraft(me, post.post_id, answers, text)}
      send={send}
      sendLabel={t("send")}
      editLast={() => last && begin({ kind: "edit", comment: last })}
      takesFocus={asked > 0}
    />
  );
}
