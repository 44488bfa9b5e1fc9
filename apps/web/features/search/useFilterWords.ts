"use client";

import { listCategories, listPeople } from "@dfworx/api";
import { useApi } from "@dfworx/api/react";
import { useQuery } from "@tanstack/react-query";
import { useFormatter, useTranslations } from "next-intl";

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
  const format = useFormatter();
  const api = useApi();
  const { data: categories } = useQuery({ ...listCategories(api), enabled: Boolean(address.category) });
  const { data: people } = useQuery({ ...listPeople(api), enabled: Boolean(address.author) });
  const words: FilterWords[] = [];
  const day = (text: string) =>
    format.dateTime(new Date(`${text}T12:00:00Z`), { dateStyle: "medium", timeZone: "UTC" });
  const add = (name: FilterName, value: string) => words.push({ name, label: t(`filters.${name}`), value });
  if (address.status) add("status", statuses(address.status));
  if (address.category)
    add("category", categories?.find((each) => each.slug === address.category)?.name ?? address.category);
  if (address.author) add("author", people?.find((each) => each.user_id === address.author)?.name ?? "…");
  if (address.after) add("after", day(address.after));
  if (address.before) add("before", day(address.before));
  return words;
}
