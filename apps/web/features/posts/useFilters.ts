"use client";

import { listCategories, listPeople, type PostFilters } from "@dfworx/api";
import { useApi } from "@dfworx/api/react";
import { useQuery } from "@tanstack/react-query";
import { useSearchParams } from "next/navigation";
import { useTranslations } from "next-intl";

import { readFilters, type FilterName } from "./filters";

export interface ActiveFilter {
  name: FilterName;
  label: string;
  value: string;
}

/** The filters of the address, and how they are called. */
export function useFilters(): { filters: PostFilters; active: ActiveFilter[] } {
  const t = useTranslations("posts");
  const api = useApi();
  const filters = readFilters(useSearchParams());
  const { data: categories } = useQuery({ ...listCategories(api), enabled: Boolean(filters.category) });
  const { data: people } = useQuery({ ...listPeople(api), enabled: Boolean(filters.author) });
  const active: ActiveFilter[] = [];
  if (filters.status) active.push({ name: "status", label: t("status"), value: t(`statuses.${filters.status}`) });
  if (filters.category) {
    const category = categories?.find((each) => each.slug === filters.category);
    active.push({ name: "category", label: t("category"), value: category?.name ?? filters.category });
  }
  if (filters.author) {
    const author = people?.find((each) => each.user_id === filters.author);
    active.push({ name: "author", label: t("author"), value: author?.name ?? "…" });
  }
  return { filters, active };
}
