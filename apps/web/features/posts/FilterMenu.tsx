"use client";

import { listCategories, listPeople, POST_STATUSES, type PostFilters } from "@dfworx/api";
import { useApi } from "@dfworx/api/react";
import { Menu, MenuChoice, MenuChoices, Submenu } from "@dfworx/ui/Menu";
import { useQuery } from "@tanstack/react-query";
import { CircleDot, Folder, User } from "lucide-react";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";

import { withFilter } from "./filters";

/** What can be filtered by. The trigger is the caller's: a chip in the row of filters, a button in the header. */
export function FilterMenu({ filters, trigger }: { filters: PostFilters; trigger: ReactNode }) {
  return (
    <Menu align="start" trigger={trigger}>
      <Choices filters={filters} />
    </Menu>
  );
}

function Choices({ filters }: { filters: PostFilters }) {
  const t = useTranslations("posts");
  const api = useApi();
  const router = useRouter();
  const { data: categories = [] } = useQuery(listCategories(api));
  const { data: people = [] } = useQuery(listPeople(api));
  const choose = (change: PostFilters) => router.push(withFilter(filters, change));
  return (
    <>
      <Submenu label={t("status")} icon={<CircleDot aria-hidden />}>
        <MenuChoices
          value={filters.status ?? ""}
          onValueChange={(status) => choose({ status: status as (typeof POST_STATUSES)[number] })}
        >
          {POST_STATUSES.map((each) => (
            <MenuChoice key={each} value={each}>
              {t(`statuses.${each}`)}
            </MenuChoice>
          ))}
        </MenuChoices>
      </Submenu>
      {categories.length > 0 && (
        <Submenu label={t("category")} icon={<Folder aria-hidden />}>
          <MenuChoices value={filters.category ?? ""} onValueChange={(category) => choose({ category })}>
            {categories.map((each) => (
              <MenuChoice key={each.category_id} value={each.slug}>
                {each.name}
              </MenuChoice>
            ))}
          </MenuChoices>
        </Submenu>
      )}
      <Submenu label={t("author")} icon={<User aria-hidden />}>
        <MenuChoices value={filters.author ?? ""} onValueChange={(author) => choose({ author })}>
          {people.map((each) => (
            <MenuChoice key={each.user_id} value={each.user_id}>
              {each.name}
            </MenuChoice>
          ))}
        </MenuChoices>
      </Submenu>
    </>
  );
}
