"use client";

import { listCategories, listPeople } from "@dfworx/api";
import { useApi } from "@dfworx/api/react";
import { useQuery } from "@tanstack/react-query";
import { useLocale, useTranslations } from "next-intl";

import type { Address, FilterName } from "./asked";

export interface FilterWords {
  name: FilterName;
  label: string;
  value: string;
}

/** The filters that are on, as they are called. */
export function useFilterWords(address: Address): FilterWords[] {
  const t = useTranslations("finding.search");
  const statuses = useTranslations("posts.statuses");
  const locale = useLocale();
  const api = useApi();
  const { data: categories } = useQuery({ ...listCategories(api), enabled: Boolean(address.category) });
  const { data: people } = useQuery({ ...listPeople(api), enabled: Boolean(address.author) });
  const words: FilterWords[] = [];
  const written = new Intl.DateTimeFormat(locale === "en" ? "en-GB" : locale, { dateStyle: "medium", timeZone: "UTC" });
  const day = (text: string) => written.format(new Date(`${text}T00:00:00Z`));
  const add = (name: FilterName, value: string) => words.push({ name, label: t(`filters.${name}`), value });
  if (address.status) add("status", statuses(address.status));
  if (address.category)
    add("category", categories?.find((each) => each.slug === address.category)?.name ?? address.category);
  if (address.author) add("author", people?.find((each) => each.user_id === address.author)?.name ?? "…");
  if (address.after) add("after", day(address.after));
  if (address.before) add("before", day(address.before));
  return words;
}
