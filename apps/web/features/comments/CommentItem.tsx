"use client";

import type { Comment, Me } from "@dfworx/api";
import { Avatar } from "@dfworx/ui/Avatar";
import { Button } from "@dfworx/ui/Button";
import { Menu, MenuItem } from "@dfworx/ui/Menu";
import clsx from "clsx";
import { CircleAlert, CornerDownRight, Ellipsis, Link2, Pencil, Trash2 } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState, type KeyboardEvent, type ReactNode } from "react";

import { Time } from "@dfworx/ui/time/Time";
import { hashOf } from "@/features/shell/paths";

import { CommentText } from "./CommentText";
import { RemoveComment } from "./RemoveComment";
import { useRendered } from "./RenderedComments";

interface Props {
  comment: Comment;
  /** Whom it answers, below the first of its thread. */
  to?: Comment | null;
  me: Me;
  /** How many answers stay when it is removed. */
  answers: number;
  /** Absent where nothing is written any more. */
  reply?: (() => void) | undefined;
  edit: () => void;
  /** It is in the composer now. */
  isEdited: boolean;
  /** At the end of its deeds, such as to resolve. */
  deeds?: ReactNode;
  /** Why the last deed wasn't done. */
  failure?: string | undefined;
}

/** A comment takes focus: a link leads to it, R answers it and E changes one's own. */
export function CommentItem(props: Props) {
  const { comment, to, me, answers, reply, edit, isEdited, deeds, failure } = props;
  const t = useTranslations("comments");
  const [removing, remove] = useState(false);
  const rendered = useRendered(comment);
  const isMine = comment.author.user_id === me.user_id;
  const mayRemove = isMine || me.role === "admin" || me.role === "moderator";
  const name = comment.author.name ?? t("somebody");
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) return;
    const act = event.key === "r" ? reply : event.key === "e" && isMine ? edit : undefined;
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  };
  if (comment.removed) {
    return (
      <article
        id={hashOf(comment.comment_id).slice(1)}
        tabIndex={-1}
        aria-label={t("removed")}
        className="rounded-xs py-2 text-sm text-ink-3"
      >
        {t("removed")}
      </article>
    );
  }
  return (
    // Its keys are also buttons below.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <article
      id={hashOf(comment.comment_id).slice(1)}
      tabIndex={-1}
      aria-label={t("by", { name })}
      onKeyDown={onKeyDown}
      className={clsx("flex gap-3 rounded-xs py-2", isEdited && "opacity-60")}
    >
      <Avatar person={comment.author} decorative />
      <div className="min-w-0 grow">
        <p className="flex items-baseline gap-2 text-base">
          <span className="truncate font-semibold" dir="auto">
            {name}
          </span>
          <a href={hashOf(comment.comment_id)} className="shrink-0 text-xs text-ink-3 hover:text-ink">
            <span className="sr-only">{t("linkTo")}</span>
            <Time at={comment.created_at} />
          </a>
          {comment.version > 1 && <span className="shrink-0 text-xs text-ink-3">{t("edited")}</span>}
        </p>
        {to && (
          <a
            href={hashOf(to.comment_id)}
            className="mt-0.5 flex items-center gap-1 text-xs text-ink-3 hover:text-ink [&_svg]:size-3.5 rtl:[&_svg]:-scale-x-100"
          >
            <CornerDownRight className="shrink-0 stroke-[1.75]" aria-hidden />
            <span className="truncate">{t("answers", { name: to.author.name ?? t("somebody") })}</span>
          </a>
        )}
        <CommentText
          source={comment.content ?? ""}
          id={comment.comment_id}
          people={comment.mentions}
          rendered={rendered}
        />
        <div className="-ms-2 mt-0.5 flex items-center text-ink-3">
          {reply && (
            <Button look="ghost" size="small" className="text-ink-3" onClick={reply}>
              {t("reply")}
            </Button>
          )}
          {deeds}
          <Menu
            trigger={
              <Button look="ghost" size="smallIcon" className="text-ink-3" aria-label={t("more", { name })}>
                <Ellipsis aria-hidden />
              </Button>
            }
          >
            <MenuItem icon={<Link2 aria-hidden />} onSelect={() => void copyLink(comment)}>
              {t("copyLink")}
            </MenuItem>
            {isMine && (
              <MenuItem icon={<Pencil aria-hidden />} shortcut="E" onSelect={() => setTimeout(edit)}>
                {t("edit")}
              </MenuItem>
            )}
            {mayRemove && (
              <MenuItem icon={<Trash2 aria-hidden />} danger onSelect={() => remove(true)}>
                {t("delete")}
              </MenuItem>
            )}
          </Menu>
        </div>
        <p role="status" className={clsx(failure && "mt-0.5 flex gap-1.5 text-xs text-danger")}>
          {failure && <CircleAlert className="mt-px size-3.5 shrink-0" aria-hidden />}
          {failure}
        </p>
      </div>
      <RemoveComment comment={comment} isMine={isMine} answers={answers} open={removing} setOpen={remove} />
    </article>
  );
}

async function copyLink(comment: Comment): Promise<void> {
  const { origin, pathname } = window.location;
  await navigator.clipboard.writeText(origin + pathname + hashOf(comment.comment_id));
}
