"use client";

import { countUnread, markPostRead, notificationKeys } from "@dfworx/api";
import { useApi } from "@dfworx/api/react";
import { useQueryClient } from "@tanstack/react-query";

import { useRememberPlace } from "@/features/palette/recent";
import { usePlace } from "@/features/presence/place";
import { useOpenForASecond } from "@/features/reads/useOpenForASecond";
import { pathOfPost } from "@/features/shell/paths";

/** Somebody has a post before them: what they were told of it is read. */
export function PostOpened({ postId, slug, title }: { postId: string; slug: string; title: string }) {
  const api = useApi();
  const queries = useQueryClient();
  usePlace(`post:${postId}`);
  useRememberPlace({ href: pathOfPost(slug), title });
  const read = async () => {
    try {
      // Most posts are opened with nothing told of them: then nothing is written.
      if ((await queries.fetchQuery(countUnread(api))) === 0) return;
      await markPostRead(api, postId);
      await queries.invalidateQueries({ queryKey: notificationKeys.all });
    } catch {
      // It stays unread, and is marked when the post is opened again.
    }
  };
  useOpenForASecond(() => void read());
  return null;
}
