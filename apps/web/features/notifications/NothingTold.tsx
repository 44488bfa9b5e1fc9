"use client";

import { Button } from "@dfworx/ui/Button";
import { EmptyState, NothingFound } from "@dfworx/ui/State";
import Link from "next/link";
import { useTranslations } from "next-intl";

/** Nothing yet teaches what comes here; nothing unread is good news. */
export function NothingTold({ onlyUnread }: { onlyUnread: boolean }) {
  const t = useTranslations("finding.inbox");
  if (onlyUnread) {
    return (
      <NothingFound
        title={t("allReadTitle")}
        actions={
          <Button asChild>
            <Link href="/notifications">{t("showAll")}</Link>
          </Button>
        }
      >
        {t("allReadText")}
      </NothingFound>
    );
  }
  return (
    <EmptyState
      title={t("emptyTitle")}
      actions={
        <Button asChild>
          <Link href="/posts">{t("readPosts")}</Link>
        </Button>
      }
    >
      {t("emptyText")}
    </EmptyState>
  );
}
