"use client";

import type { PostFilters } from "@dfworx/api";
import { Button } from "@dfworx/ui/Button";
import { Chip } from "@dfworx/ui/Chip";
import { Plus, X } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";

import { FilterMenu } from "./FilterMenu";
import { withoutFilter } from "./filters";
import type { ActiveFilter } from "./useFilters";

/** Only there when there are filters. */
export function FilterBar({ filters, active }: { filters: PostFilters; active: ActiveFilter[] }) {
  const t = useTranslations("posts");
  const router = useRouter();
  return (
    <div className="flex shrink-0 items-center gap-1.5 overflow-x-auto px-4 py-2.5 [scrollbar-width:none] md:px-5">
      {active.map(({ name, label, value }) => (
        <Chip
          key={name}
          on
          aria-label={t("remove", { name: label, value })}
          onClick={() => router.push(withoutFilter(filters, name))}
        >
          <span>{label}</span>
          <span className="max-w-60 truncate font-medium text-ink" dir="auto">
            {value}
          </span>
          <X aria-hidden />
        </Chip>
      ))}
      <FilterMenu
        filters={filters}
        trigger={
          <Chip>
            <Plus aria-hidden />
            {t("filter")}
          </Chip>
        }
      />
      {active.length > 1 && (
        <Button look="ghost" size="small" asChild>
          <Link href="/posts">{t("clear")}</Link>
        </Button>
      )}
    </div>
  );
}
