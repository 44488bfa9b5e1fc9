"use client";

import { getMe, type Post } from "@dfworx/api";
import { useApi } from "@dfworx/api/react";
import { Count } from "@dfworx/ui/Badge";
import { SkeletonRows } from "@dfworx/ui/Skeleton";
import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useEffect, type ReactNode } from "react";

import { Panel } from "@/features/shell/Panel";

import { useBeside } from "./BesidePost";
import { laterComments } from "./laterComments";
import { useComments } from "./useComments";

/** Beside the post. Nothing of it is asked for or loaded before it is seen. */
export function CommentsPanel({ post }: { post: Post }) {
  const t = useTranslations("comments");
  const { isOpen, wide, close } = useBeside();
  const { data: me } = useQuery(getMe(useApi()));
  const isSeen = isOpen && wide !== null;
  const { count } = useComments(post, { enabled: isSeen });
  const loaded = laterComments.useLoaded();
  useEffect(() => {
    if (isSeen) laterComments.prepare();
  }, [isSeen]);
  const title: ReactNode = (
    <>
      {t("title")} {count > 0 && <Count value={count} />}
    </>
  );
  return (
    <Panel label={t("title")} title={title} open={isOpen} wide={wide} close={close}>
      {isSeen && me && loaded ? (
        <loaded.Comments post={post} me={me} />
      ) : (
        <SkeletonRows label={t("loading")} rows={5} />
      )}
    </Panel>
  );
}
