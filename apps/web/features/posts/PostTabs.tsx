"use client";

import { countUnreadPosts, getMe, type PostFilters } from "@dfworx/api";
import { useApi } from "@dfworx/api/react";
import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";

import { Tabs } from "@/features/shell/Tabs";

import { postsPath } from "./filters";

/** The lists most asked for, as links: an address each. */
export function PostTabs({ filters, className }: { filters: PostFilters; className?: string }) {
  const t = useTranslations("posts");
  const { data: me } = useQuery(getMe(useApi()));
  const { data: unread } = useQuery(countUnreadPosts(useApi()));
  const here = postsPath(filters);
  const tabs = [
    { label: t("all"), href: "/posts" },
    { label: t("unread"), href: postsPath({ unread: true }), count: unread?.count, isNew: true },
    ...(me ? [{ label: t("mine"), href: postsPath({ author: me.user_id }) }] : []),
    { label: t("drafts"), href: postsPath({ status: "draft" }) },
  ];
  return (
    <Tabs
      label={t("which")}
      className={className}
      tabs={tabs.map((tab) => ({ ...tab, isCurrent: tab.href === here }))}
    />
  );
}
