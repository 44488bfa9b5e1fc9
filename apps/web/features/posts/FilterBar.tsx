"use client";

import type { PostFilters } from "@dfworx/api";
import { Button } from "@dfworx/ui/Button";
import { Chip } from "@dfworx/ui/Chip";
import { Plus } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";

import { FilterChip } from "@/features/filters/FilterChip";
import type { FilterName } from "@/features/filters/useFilterNames";

import { FilterMenu } from "./FilterMenu";
import { withoutFilter } from "./filters";

/** Only there when there are filters. */
export function FilterBar({ filters, active }: { filters: PostFilters; active: FilterName[] }) {
  const t = useTranslations("filters");
  const router = useRouter();
  return (
    <div className="flex shrink-0 items-center gap-1.5 overflow-x-auto px-4 py-2.5 [scrollbar-width:none] md:px-5">
      {active.map(({ name, label, value }) => (
        <FilterChip key={name} label={label} value={value} remove={() => router.push(withoutFilter(filters, name))} />
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
