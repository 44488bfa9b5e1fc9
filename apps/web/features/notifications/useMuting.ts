"use client";

import { notificationKeys, setMute } from "@dfworx/api";
import { useApi } from "@dfworx/api/react";
import { useToast } from "@dfworx/ui/Toast";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";

interface Muting {
  postId: string;
  muted: boolean;
  isUndo?: boolean;
}

/** From then on one is told of a post only by being mentioned. The row that asked outlives its menu, so it has this. */
export function useMuting() {
  const t = useTranslations("finding.inbox");
  const api = useApi();
  const queries = useQueryClient();
  const tell = useToast();
  const muting = useMutation({
    mutationFn: ({ postId, muted }: Muting) => setMute(api, postId, muted),
    onMutate: ({ postId, muted }) => {
      const before = queries.getQueryData<boolean>(notificationKeys.mute(postId));
      queries.setQueryData(notificationKeys.mute(postId), muted);
      return before;
    },
    onError: (_error, { postId }, before) => void queries.setQueryData(notificationKeys.mute(postId), before),
    onSuccess: (_done, { postId, muted, isUndo }) => {
      if (isUndo) return;
      const run = () => muting.mutate({ postId, muted: !muted, isUndo: true });
      tell(muted ? t("muted") : t("unmuted"), { label: t("undo"), run });
    },
  });
  return muting;
}
