"use client";

import { ApiProblem, resolveComment, type Comment, type Me, type Post } from "@dfworx/api";
import { useApi } from "@dfworx/api/react";
import { Button } from "@dfworx/ui/Button";
import { useToast } from "@dfworx/ui/Toast";
import { useMutation } from "@tanstack/react-query";
import { CircleCheck, ChevronRight } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState, type ReactNode } from "react";

import { CommentItem } from "./CommentItem";
import { useReason } from "./reason";
import { lineOf, type Thread } from "./threads";
import { useCachedComments } from "./useComments";

interface Props {
  thread: Thread;
  post: Post;
  me: Me;
  /** A link leads to one of its comments: it is unfolded. */
  isMeant: boolean;
  reply?: ((comment: Comment) => void) | undefined;
  edit: (comment: Comment) => void;
  editedId: string | null;
  /** Answers on their way. */
  children?: ReactNode;
}

/** A comment and its answers, indented once. One that is settled folds to a line. */
export function ThreadItem({ thread, post, me, isMeant, reply, edit, editedId, children }: Props) {
  const { first, answers } = thread;
  const t = useTranslations("comments");
  const isResolved = first.resolved_at !== null;
  const [unfolded, unfold] = useState(false);
  const resolving = useResolving(first);
  const mayResolve =
    [first.author.user_id, post.author.user_id].includes(me.user_id) || me.role === "admin" || me.role === "moderator";
  const answersOf = (comment: Comment) =>
    answers.filter((each) => each.comment.parent_id === comment.comment_id).length;
  const item = (comment: Comment) => ({
    ...{ comment, me, answers: answersOf(comment), isEdited: editedId === comment.comment_id },
    reply: reply && (() => reply(comment)),
    edit: () => edit(comment),
  });
  const isOpen = !isResolved || unfolded || isMeant || Boolean(children);
  const name = first.author.name ?? t("somebody");
  return (
    <li className="border-b border-line px-4 py-1.5 last:border-0">
      {isResolved && (
        <button
          type="button"
          id={foldOf(first)}
          aria-expanded={isOpen}
          onClick={() => unfold(!unfolded)}
          className="-mx-2 flex min-h-9 w-[calc(100%+1rem)] items-center gap-2 rounded-sm px-2 text-start text-sm text-ink-3 hover:bg-hover hover:text-ink"
        >
          <CircleCheck className="size-4 shrink-0 stroke-[1.75] text-success" aria-hidden />
          <span className="shrink-0 font-medium text-ink-2">{t("resolved")}</span>
          <span className="min-w-0 grow truncate" dir="auto">
            {isOpen
              ? name
              : t("foldedLine", { name, text: first.content === null ? t("removed") : lineOf(first.content) })}
          </span>
          <ChevronRight
            className={isOpen ? "size-4 shrink-0 rotate-90" : "size-4 shrink-0 rtl:-scale-x-100"}
            aria-hidden
          />
        </button>
      )}
      {isOpen && (
        <>
          <CommentItem
            {...item(first)}
            failure={resolving.failure}
            deeds={
              mayResolve && (
                <Button look="ghost" size="small" className="text-ink-3" onClick={() => resolving.set(!isResolved)}>
                  {isResolved ? t("unresolve") : t("resolve")}
                </Button>
              )
            }
          />
          {(answers.length > 0 || children) && (
            <ol className="ps-9" aria-label={t("answersTo", { name })}>
              {answers.map(({ comment, to }) => (
                <li key={comment.comment_id}>
                  <CommentItem {...item(comment)} to={to} />
                </li>
              ))}
              {children && <li>{children}</li>}
            </ol>
          )}
        </>
      )}
    </li>
  );
}

/** At once, with an undo; taken back in place when the server refuses. */
function useResolving(first: Comment) {
  const t = useTranslations("comments");
  const api = useApi();
  const tell = useToast();
  const reason = useReason();
  const cached = useCachedComments(first.post_id);
  const change = useMutation({
    mutationFn: (resolved: boolean) => resolveComment(api, first.comment_id, resolved),
    onMutate: (resolved) => cached.put({ ...first, resolved_at: resolved ? new Date().toISOString() : null }),
    onSuccess: (written) => cached.put(written),
    onError(error) {
      // Somebody else was first: it is as it was wanted.
      if (!(error instanceof ApiProblem && SETTLED.includes(error.code))) cached.put(first);
      void cached.refresh();
    },
  });
  const settled = change.error instanceof ApiProblem && SETTLED.includes(change.error.code);
  return {
    failure: change.isError && !settled ? t("notChanged", { reason: reason(change.error) }) : undefined,
    set(resolved: boolean) {
      change.mutate(resolved);
      // The button that was pressed folds away.
      if (resolved) requestAnimationFrame(() => document.getElementById(foldOf(first))?.focus());
      tell(resolved ? t("threadResolved") : t("threadOpened"), {
        label: t("undo"),
        run: () => change.mutate(!resolved),
      });
    },
  };
}

const SETTLED = ["thread_already_resolved", "thread_not_resolved"];

function foldOf(first: Comment): string {
  return `fold-${first.comment_id}`;
}
