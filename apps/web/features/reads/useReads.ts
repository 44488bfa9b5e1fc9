"use client";

import { listReads, POSTS_A_PAGE, type PostItem, type Read } from "@dfworx/api";
import { useApi } from "@dfworx/api/react";
import { useQueries } from "@tanstack/react-query";

/** What is new to the reader on these posts, by post_id: one question for each page of their list. */
export function useReads(posts: PostItem[]): ReadonlyMap<string, Read> {
  const api = useApi();
  const pages = Array.from({ length: Math.ceil(posts.length / POSTS_A_PAGE) }, (_, page) =>
    posts.slice(page * POSTS_A_PAGE, (page + 1) * POSTS_A_PAGE).map((each) => each.post_id),
  );
  return useQueries({
    queries: pages.map((ids) => ({
      ...listReads(api, ids),
      // A post more at the top moves all the others on: what was known of them still holds.
      placeholderData: (before: Read[] | undefined) => before,
    })),
    combine: byPost,
  });
}

function byPost(answers: { data: Read[] | undefined }[]): ReadonlyMap<string, Read> {
  return new Map(answers.flatMap(({ data = [] }) => data).map((each) => [each.post_id, each]));
}
