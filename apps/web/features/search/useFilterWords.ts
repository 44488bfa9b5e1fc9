"use client";

import { useLocale, useTranslations } from "next-intl";

import { useFilterNames } from "@/features/filters/useFilterNames";

import type { Address, FilterName } from "./asked";

export interface FilterWords {
  name: FilterName;
  label: string;
  value: string;
}

/** The filters that are on, as they are called. */
export function useFilterWords(address: Address): FilterWords[] {
  const t = useTranslations("finding.search.filters");
  const locale = useLocale();
  const words: FilterWords[] = useFilterNames(address);
  const written = new Intl.DateTimeFormat(locale === "en" ? "en-GB" : locale, { dateStyle: "medium", timeZone: "UTC" });
  for (const name of ["after", "before"] as const) {
    const day = address[name];
    if (day) words.push({ name, label: t(name), value: written.format(new Date(`${day}T00:00:00Z`)) });
  }
  return words;
}
