"use client";

import { getMe, type Post } from "@dfworx/api";
import { useApi } from "@dfworx/api/react";
import { SkeletonRows } from "@dfworx/ui/Skeleton";
import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useEffect } from "react";

import { laterComments } from "./laterComments";

/** Nothing of it is loaded before it is seen. */
export function CommentsTab({ post }: { post: Post }) {
  const t = useTranslations("comments");
  const { data: me } = useQuery(getMe(useApi()));
  const loaded = laterComments.useLoaded();
  useEffect(() => {
    laterComments.prepare();
  }, []);
  if (!me || !loaded) return <SkeletonRows label={t("loading")} rows={5} />;
  return <loaded.Comments post={post} me={me} />;
}
