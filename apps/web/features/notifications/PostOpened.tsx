"use client";

import { countUnread, markPostRead, notificationKeys } from "@dfworx/api";
import { useApi } from "@dfworx/api/react";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";

import { useRememberPlace } from "@/features/palette/recent";
import { pathOfPost } from "@/features/shell/paths";

const SECOND = 1000;

/** Somebody has a post before them: what they were told of it is read once they have had it open for a second. */
export function PostOpened({ postId, slug, title }: { postId: string; slug: string; title: string }) {
  const api = useApi();
  const queries = useQueryClient();
  useRememberPlace({ href: pathOfPost(slug), title });
  useEffect(() => {
    let timer = 0;
    const begin = () => {
      window.clearTimeout(timer);
      if (document.visibilityState === "visible") timer = window.setTimeout(() => void read(), SECOND);
    };
    const read = async () => {
      document.removeEventListener("visibilitychange", begin);
      try {
        // Most posts are opened with nothing told of them: then nothing is written.
        if ((await queries.fetchQuery(countUnread(api))) === 0) return;
        await markPostRead(api, postId);
        await queries.invalidateQueries({ queryKey: notificationKeys.all });
      } catch {
        // It stays unread, and is marked when the post is opened again.
      }
    };
    begin();
    document.addEventListener("visibilitychange", begin);
    return () => {
      window.clearTimeout(timer);
      document.removeEventListener("visibilitychange", begin);
    };
  }, [api, queries, postId]);
  return null;
}
