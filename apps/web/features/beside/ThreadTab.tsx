"use client";

import { getMe, type Post } from "@dfworx/api";
import { useApi } from "@dfworx/api/react";
import { later } from "@dfworx/ui/later";
import { SkeletonRows } from "@dfworx/ui/Skeleton";
import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useEffect } from "react";

import { useBeside } from "./BesidePost";

const thread = later(() => import("./PostThread"));

/** What is said beside the post. Its code and the connection's are loaded when it is opened. */
export function ThreadTab({ post }: { post: Post }) {
  const t = useTranslations("beside");
  const { message } = useBeside();
  const { data: me } = useQuery(getMe(useApi()));
  const loaded = thread.useLoaded();
  useEffect(() => {
    thread.prepare();
  }, []);
  if (!me || !loaded) return <SkeletonRows label={t("threadLoading")} rows={5} />;
  return <loaded.PostThread postId={post.post_id} me={me} message={message} />;
}
