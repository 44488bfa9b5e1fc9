"use client";

import { ApiProblem, restoreRevision, type Post, type RevisionItem } from "@dfworx/api";
import { useApi } from "@dfworx/api/react";
import { Button } from "@dfworx/ui/Button";
import { useToast } from "@dfworx/ui/Toast";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { CircleAlert, History } from "lucide-react";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";

import { useReason } from "@/features/comments/reason";

import { useShown } from "./useShown";

interface Props {
  post: Post;
  version: number;
  current: RevisionItem;
}

/** A version becomes what the post says now. Nothing is lost by it, so it is done at once, with an undo. */
export function RestoreButton({ post, version, current }: Props) {
  const t = useTranslations("revisions");
  const api = useApi();
  const queries = useQueryClient();
  const router = useRouter();
  const tell = useToast();
  const reason = useReason();
  const { go } = useShown();
  const isStale = (error: unknown) => error instanceof ApiProblem && error.status === 412;
  const refresh = async () => {
    await Promise.all([
      queries.invalidateQueries({ queryKey: ["posts"] }),
      queries.invalidateQueries({ queryKey: ["revisions", post.post_id] }),
    ]);
    // Pages that were rendered with the words before.
    router.refresh();
  };
  const restore = useMutation({
    mutationFn: ({ from, onto }: { from: number; onto: number }) => restoreRevision(api, post.post_id, from, onto),
    async onSuccess(written, { from }) {
      go({ version: written.version, against: "before", view: "changes" });
      await refresh();
      if (from !== version) return;
      tell(t("restored", { version }), {
        label: t("undo"),
        run: () => restore.mutate({ from: current.version, onto: written.version }),
      });
    },
    onError(error, { from }) {
      // By then the button is gone, and the notice is what failed.
      if (from !== version) tell(t("notRestored", { reason: reason(error) }));
      return isStale(error) ? refresh() : undefined;
    },
  });
  const told = !restore.isError
    ? null
    : isStale(restore.error)
      ? t("newerSaved", { name: current.author.name ?? "" })
      : t("notRestored", { reason: reason(restore.error) });
  return (
    <>
      <Button
        busy={restore.isPending && t("restoring")}
        onClick={() => restore.mutate({ from: version, onto: post.version })}
      >
        <History aria-hidden />
        {t("restore")}
      </Button>
      {told && (
        <p role="alert" className="flex w-full gap-1.5 text-xs text-danger">
          <CircleAlert className="mt-px size-3.5 shrink-0" aria-hidden />
          {told}
        </p>
      )}
    </>
  );
}
