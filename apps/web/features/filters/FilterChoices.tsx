"use client";

import { listCategories, listPeople, POST_STATUSES, type PostFilters, type PostStatus } from "@dfworx/api";
import { useApi } from "@dfworx/api/react";
import { MenuChoice, MenuChoices, Submenu } from "@dfworx/ui/Menu";
import { useQuery } from "@tanstack/react-query";
import { CircleDot, Folder, User } from "lucide-react";
import { useTranslations } from "next-intl";

import type { Filters } from "./useFilterNames";

/** Inside a menu: what posts can be filtered by, in a list and in a search alike. */
export function FilterChoices({ filters, choose }: { filters: Filters; choose: (change: PostFilters) => void }) {
  const t = useTranslations("filters");
  const statuses = useTranslations("posts.statuses");
  const api = useApi();
  const { data: categories = [] } = useQuery(listCategories(api));
  const { data: people = [] } = useQuery(listPeople(api));
  return (
    <>
      <Submenu label={t("status")} icon={<CircleDot aria-hidden />}>
        <MenuChoices value={filters.status ?? ""} onValueChange={(status) => choose({ status: status as PostStatus })}>
          {POST_STATUSES.map((each) => (
            <MenuChoice key={each} value={each}>
              {statuses(each)}
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
