"use client";

import { Button } from "@dfworx/ui/Button";
import { Chip } from "@dfworx/ui/Chip";
import { Menu, MenuItem, MenuLine, Submenu } from "@dfworx/ui/Menu";
import { Calendar, Plus } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";

import { FilterChip } from "@/features/filters/FilterChip";
import { FilterChoices } from "@/features/filters/FilterChoices";
import { useReader } from "@dfworx/ui/time/Time";

import { withoutFilters, type Address } from "./asked";
import { DatesDialog } from "./DatesDialog";
import { daysAgo } from "./days";
import { useFilterWords } from "./useFilterWords";

interface SearchFiltersProps {
  address: Address;
  go: (address: Address) => void;
}

/** What narrows the search: each filter that is on can be taken away, and another one added. */
export function SearchFilters({ address, go }: SearchFiltersProps) {
  const t = useTranslations("filters");
  const words = useFilterWords(address);
  const [choosingDates, chooseDates] = useState(false);
  return (
    <div className="flex shrink-0 items-center gap-1.5 md:flex-wrap">
      {words.map(({ name, label, value }) => (
        <FilterChip key={name} label={label} value={value} remove={() => go({ ...address, [name]: undefined })} />
      ))}
      <Menu
        trigger={
          <Chip>
            <Plus aria-hidden />
            {t("filter")}
          </Chip>
        }
      >
        <Choices address={address} go={go} chooseDates={() => chooseDates(true)} />
      </Menu>
      {words.length > 1 && (
        <Button look="ghost" size="small" onClick={() => go(withoutFilters(address))}>
          {t("clear")}
        </Button>
      )}
      {choosingDates && <DatesDialog address={address} go={go} close={() => chooseDates(false)} />}
    </div>
  );
}

const SPANS = { week: 7, month: 30, year: 365 } as const;

function Choices({ address, go, chooseDates }: SearchFiltersProps & { chooseDates: () => void }) {
  const t = useTranslations("finding.search");
  const { now, timeZone } = useReader();
  return (
    <>
      <FilterChoices filters={address} choose={(change) => go({ ...address, ...change })} />
      <Submenu label={t("dates")} icon={<Calendar aria-hidden />}>
        {(Object.keys(SPANS) as (keyof typeof SPANS)[]).map((span) => (
          <MenuItem
            key={span}
            onSelect={() => go({ ...address, after: daysAgo(SPANS[span], now, timeZone), before: undefined })}
          >
            {t(`spans.${span}`)}
          </MenuItem>
        ))}
        <MenuLine />
        <MenuItem onSelect={chooseDates}>{t("chooseDates")}</MenuItem>
      </Submenu>
    </>
  );
}
