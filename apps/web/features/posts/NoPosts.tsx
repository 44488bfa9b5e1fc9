"use client";

import type { PostFilters } from "@dfworx/api";
import { Button } from "@dfworx/ui/Button";
import { EmptyState, NothingFound } from "@dfworx/ui/State";
import Link from "next/link";
import { useTranslations } from "next-intl";

import type { FilterName } from "@/features/filters/useFilterNames";

/** None at all teaches what posts are for; none that match names the filters. */
export function NoPosts({ filters, active }: { filters: PostFilters; active: FilterName[] }) {
  const t = useTranslations("posts");
  const words = useTranslations("filters");
  if (filters.unread && active.length === 0) {
    return (
      <NothingFound
        title={t("allReadTitle")}
        actions={
          <Button asChild>
            <Link href="/posts">{t("showAll")}</Link>
          </Button>
        }
      >
        {t("allReadText")}
      </NothingFound>
    );
  }
  const onlyCategory = active.length === 1 && filters.category !== undefined && !filters.unread;
  if (active.length > 0 && !onlyCategory) {
    return (
      <NothingFound
        title={t("nothingTitle")}
        actions={
          <Button asChild>
            <Link href="/posts">{words("clear")}</Link>
          </Button>
        }
      >
        {t("nothingText", { filters: active.map((each) => `${each.label} ${each.value}`).join(", ") })}
      </NothingFound>
    );
  }
  return (
    <EmptyState title={onlyCategory ? t("emptyIn", { category: active[0]?.value ?? "" }) : t("emptyTitle")}>
      {t.rich("emptyText", {
        command: () => <code className="font-mono text-[0.925em] text-ink">./dfworx import markdown</code>,
      })}
    </EmptyState>
  );
}
