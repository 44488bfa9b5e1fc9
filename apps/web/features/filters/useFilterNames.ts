"use client";

import { listCategories, listPeople, type PostFilters } from "@dfworx/api";
import { useApi } from "@dfworx/api/react";
import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";

/** As an address has them: what isn't on may be said to be undefined. */
export type Filters = { [Name in keyof PostFilters]?: PostFilters[Name] | undefined };

export interface FilterName {
  name: Exclude<keyof PostFilters, "unread">;
  label: string;
  value: string;
}

/** The filters that are on, as they are called. */
export function useFilterNames(filters: Filters): FilterName[] {
  const t = useTranslations("filters");
  const statuses = useTranslations("posts.statuses");
  const api = useApi();
  const { data: categories } = useQuery({ ...listCategories(api), enabled: Boolean(filters.category) });
  const { data: people } = useQuery({ ...listPeople(api), enabled: Boolean(filters.author) });
  const names: FilterName[] = [];
  const add = (name: FilterName["name"], value: string) => names.push({ name, label: t(name), value });
  if (filters.status) add("status", statuses(filters.status));
  if (filters.category)
    add("category", categories?.find((each) => each.slug === filters.category)?.name ?? filters.category);
  if (filters.author) add("author", people?.find((each) => each.user_id === filters.author)?.name ?? "…");
  return names;
}
