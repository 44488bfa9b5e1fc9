"use client";

import { countUnread } from "@dfworx/api";
import { useApi } from "@dfworx/api/react";
import { Count, shownCount } from "@dfworx/ui/Badge";
import { useQuery } from "@tanstack/react-query";
import clsx from "clsx";
import { useTranslations } from "next-intl";

/** How much of what one was told is unread: said to oneself, so it is filled. Zero shows nothing. */
export function UnreadCount({ onTab }: { onTab?: boolean }) {
  const t = useTranslations("finding.inbox");
  const { data: count = 0 } = useQuery(countUnread(useApi()));
  if (count === 0) return null;
  return (
    <span
      className={clsx(
        "leading-none",
        onTab
          ? "absolute start-1/2 top-1.5 ms-1 [&>span]:ring-2 [&>span]:ring-desk"
          : "ms-auto max-lg:absolute max-lg:-end-0.5 max-lg:-top-0.5",
      )}
    >
      <span aria-hidden className="flex rounded-full">
        <Count value={count} kind="mine" />
      </span>
      <span className="sr-only">{t("unreadCount", { count, shown: shownCount(count) })}</span>
    </span>
  );
}
