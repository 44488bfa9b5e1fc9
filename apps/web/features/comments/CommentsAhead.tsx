import { listComments, type Comment } from "@dfworx/api";
import { HydrationBoundary } from "@tanstack/react-query";
import type { ReactNode } from "react";

import { Markdown } from "@/features/markdown";
import { useWords } from "@/features/markdown/useWords";
import { prefetch } from "@/features/session/server";

import { keyOfText, scopeOf } from "./keys";
import { RenderedComments } from "./RenderedComments";

interface Props {
  postId: string;
  /** They are seen at once. */
  isOpen: boolean;
  children: ReactNode;
}

/** The comments that a post opens with, read and laid out on the server: a reader's browser loads no renderer for them. */
export async function CommentsAhead({ postId, isOpen, children }: Props) {
  const { state, comments } = isOpen ? await readComments(postId) : { comments: [] };
  const texts = comments.map((each) => [keyOfText(each), <Text key={each.comment_id} comment={each} />] as const);
  return (
    <HydrationBoundary state={state}>
      <RenderedComments texts={Object.fromEntries(texts)}>{children}</RenderedComments>
    </HydrationBoundary>
  );
}

async function readComments(postId: string) {
  const comments: Comment[] = [];
  const state = await prefetch(async (queries, api) => {
    const query = listComments(api, postId);
    await queries.prefetchInfiniteQuery(query);
    for (const page of queries.getQueryData(query.queryKey)?.pages ?? []) comments.push(...page.items);
  });
  return { state, comments };
}

function Text({ comment }: { comment: Comment }) {
  const scope = scopeOf(comment.comment_id);
  return <Markdown source={comment.content ?? ""} scope={scope} people={comment.mentions} words={useWords()} />;
}
