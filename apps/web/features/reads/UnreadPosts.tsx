"use client";

import { countUnreadPosts } from "@dfworx/api";
import { useApi } from "@dfworx/api/react";
import { Count, shownCount, Tick } from "@dfworx/ui/Badge";
import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";

/** How many posts are new: not said to oneself, so it is text; a mark where the sidebar has no room for a number. */
export function UnreadPosts() {
  const t = useTranslations("posts");
  const { data } = useQuery(countUnreadPosts(useApi()));
  if (!data?.count) return null;
  return (
    <span className="ms-auto leading-none max-lg:absolute max-lg:end-1.5 max-lg:top-1.5">
      <span aria-hidden className="flex max-lg:hidden">
        <Count value={data.count} kind="new" />
      </span>
      <Tick className="lg:hidden" />
      <span className="sr-only">{t("unreadCount", { count: data.count, shown: shownCount(data.count) })}</span>
    </span>
  );
}
