"use client";

import { listCategories, listPeople, POST_STATUSES, type PostStatus } from "@dfworx/api";
import { useApi } from "@dfworx/api/react";
import { Button } from "@dfworx/ui/Button";
import { Chip } from "@dfworx/ui/Chip";
import { Menu, MenuChoice, MenuChoices, MenuItem, MenuLine, Submenu } from "@dfworx/ui/Menu";
import { useQuery } from "@tanstack/react-query";
import { Calendar, CircleDot, Folder, Plus, User, X } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";

import { useReader } from "@/features/time/Time";

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
  const t = useTranslations("finding.search");
  const words = useFilterWords(address);
  const [choosingDates, chooseDates] = useState(false);
  return (
    <div className="flex shrink-0 items-center gap-1.5 md:flex-wrap">
      {words.map(({ name, label, value }) => (
        <Chip
          key={name}
          on
          aria-label={t("remove", { name: label, value })}
          onClick={() => go({ ...address, [name]: undefined })}
        >
          <span>{label}</span>
          <span className="max-w-60 truncate font-medium text-ink" dir="auto">
            {value}
          </span>
          <X aria-hidden />
        </Chip>
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
  const statuses = useTranslations("posts.statuses");
  const api = useApi();
  const { now, timeZone } = useReader();
  const { data: categories = [] } = useQuery(listCategories(api));
  const { data: people = [] } = useQuery(listPeople(api));
  return (
    <>
      <Submenu label={t("filters.status")} icon={<CircleDot aria-hidden />}>
        <MenuChoices
          value={address.status ?? ""}
          onValueChange={(status) => go({ ...address, status: status as PostStatus })}
        >
          {POST_STATUSES.map((each) => (
            <MenuChoice key={each} value={each}>
              {statuses(each)}
            </MenuChoice>
          ))}
        </MenuChoices>
      </Submenu>
      {categories.length > 0 && (
        <Submenu label={t("filters.category")} icon={<Folder aria-hidden />}>
          <MenuChoices value={address.category ?? ""} onValueChange={(category) => go({ ...address, category })}>
            {categories.map((each) => (
              <MenuChoice key={each.category_id} value={each.slug}>
                {each.name}
              </MenuChoice>
            ))}
          </MenuChoices>
        </Submenu>
      )}
      <Submenu label={t("filters.author")} icon={<User aria-hidden />}>
        <MenuChoices value={address.author ?? ""} onValueChange={(author) => go({ ...address, author })}>
          {people.map((each) => (
            <MenuChoice key={each.user_id} value={each.user_id}>
              {each.name}
            </MenuChoice>
          ))}
        </MenuChoices>
      </Submenu>
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
