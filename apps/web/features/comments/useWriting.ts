"use client";

import { ApiProblem, getComment, updateComment, type Comment, type Me, type Post } from "@dfworx/api";
import { useApi } from "@dfworx/api/react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";

import { writeDraft } from "./drafts";
import { useReason } from "./reason";
import { useCachedComments } from "./useComments";

export type Mode = { kind: "new" } | { kind: "reply"; to: Comment } | { kind: "edit"; comment: Comment };

/** What the one composer is for at the moment. */
export function useWriting(post: Post, me: Me, deliver: (content: string, parentId: string | null) => void) {
  const [mode, setMode] = useState<Mode>({ kind: "new" });
  /** Counted up so that a composer that is asked for takes focus, and one that came with the page doesn't. */
  const [asked, ask] = useState(0);
  const api = useApi();
  const queries = useQueryClient();
  const cached = useCachedComments(post.post_id);
  const reason = useReason();
  const edit = useMutation({
    mutationFn: ({ comment, content }: { comment: Comment; content: string }) => updateComment(api, comment, content),
    onSuccess(written) {
      cached.put(written);
      begin({ kind: "new" });
    },
    async onError(error, { comment }) {
      if (!(error instanceof ApiProblem && error.status === 412)) return;
      // What is written stays in the composer; saving again is meant for what the comment says now.
      const now = await queries.fetchQuery({ ...getComment(api, comment.comment_id), staleTime: 0 });
      cached.put(now);
      setMode({ kind: "edit", comment: now });
    },
  });
  const begin = (next: Mode) => {
    edit.reset();
    setMode(next);
    ask((before) => before + 1);
  };
  const send = (content: string): boolean => {
    if (mode.kind === "edit") {
      if (content === mode.comment.content) begin({ kind: "new" });
      else edit.mutate({ comment: mode.comment, content });
      return false;
    }
    const answers = mode.kind === "reply" ? mode.to.comment_id : null;
    deliver(content, answers);
    writeDraft(me, post.post_id, answers, "");
    if (answers) begin({ kind: "new" });
    return true;
  };
  return {
    mode,
    asked,
    begin,
    send,
    isSaving: edit.isPending,
    failure: edit.isError ? reason(edit.error) : undefined,
  };
}
