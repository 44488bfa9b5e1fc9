"use client";

import { getMe, type PostFilters } from "@dfworx/api";
import { useApi } from "@dfworx/api/react";
import { useQuery } from "@tanstack/react-query";
import clsx from "clsx";
import Link from "next/link";
import { useTranslations } from "next-intl";

import { postsPath } from "./filters";

/** The three lists most asked for, as links: an address each. */
export function PostTabs({ filters, className }: { filters: PostFilters; className?: string }) {
  const t = useTranslations("posts");
  const { data: me } = useQuery(getMe(useApi()));
  const here = postsPath(filters);
  const tabs = [
    { label: t("all"), href: "/posts" },
    ...(me ? [{ label: t("mine"), href: postsPath({ author: me.user_id }) }] : []),
    { label: t("drafts"), href: postsPath({ status: "draft" }) },
  ];
  return (
    <nav aria-label={t("which")} className={clsx("items-center gap-0.5", className)}>
      {tabs.map(({ label, href }) => (
        <Link
          key={href}
          href={href}
          aria-current={href === here ? "page" : undefined}
          className={clsx(
            "inline-flex h-7 items-center rounded-sm px-2.5 text-sm font-medium focus-visible:rounded-sm max-md:h-9 max-md:px-3 max-md:text-base",
            href === here ? "bg-hover text-ink" : "text-ink-2 hover:text-ink",
          )}
        >
          {label}
        </Link>
      ))}
    </nav>
  );
}
