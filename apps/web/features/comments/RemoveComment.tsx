"use client";

import { ApiProblem, deleteComment, type Comment } from "@dfworx/api";
import { useApi } from "@dfworx/api/react";
import { Button } from "@dfworx/ui/Button";
import { Dialog } from "@dfworx/ui/Dialog";
import { useMutation } from "@tanstack/react-query";
import { useTranslations } from "next-intl";

import { useReason } from "./reason";
import { COMMENTS } from "./places";
import { useCachedComments } from "./useComments";

interface Props {
  comment: Comment;
  isMine: boolean;
  answers: number;
  open: boolean;
  setOpen: (open: boolean) => void;
}

/** Nobody brings a comment back, so this asks. */
export function RemoveComment({ comment, isMine, answers, open, setOpen }: Props) {
  const t = useTranslations("comments");
  const api = useApi();
  const cached = useCachedComments(comment.post_id);
  const reason = useReason();
  const gone = () => {
    setOpen(false);
    cached.remove(comment);
    void cached.refresh();
    void cached.recount();
    // After the dialog has tried to give focus back to the button that went with the comment.
    setTimeout(() => document.getElementById(COMMENTS)?.focus(), 100);
  };
  const removal = useMutation({
    mutationFn: () => deleteComment(api, comment),
    onSuccess: gone,
    onError(error) {
      if (!(error instanceof ApiProblem)) return;
      // Somebody else was first.
      if (error.status === 404) gone();
      if (error.status === 412) void cached.refresh();
    },
  });
  return (
    <Dialog
      open={open}
      onOpenChange={(opens) => {
        setOpen(opens);
        removal.reset();
      }}
      title={isMine ? t("deleteTitle") : t("deleteTitleOf", { name: comment.author.name ?? t("somebody") })}
      description={answers > 0 ? t("deleteText", { count: answers }) : t("deleteTextAlone")}
      actions={
        <>
          <Button onClick={() => setOpen(false)}>{t("keepIt")}</Button>
          <Button look="danger" busy={removal.isPending && t("deleting")} onClick={() => removal.mutate()}>
            {t("deleteComment")}
          </Button>
        </>
      }
    >
      {removal.isError && (
        <p role="alert" className="text-sm text-danger">
          {reason(removal.error)}
        </p>
      )}
    </Dialog>
  );
}
