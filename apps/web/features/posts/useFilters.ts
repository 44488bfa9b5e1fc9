"use client";

import type { PostFilters } from "@dfworx/api";
import { useSearchParams } from "next/navigation";

import { useFilterNames, type FilterName } from "@/features/filters/useFilterNames";

import { readFilters } from "./filters";

/** The filters of the address, and how they are called. */
export function useFilters(): { filters: PostFilters; active: FilterName[] } {
  const filters = readFilters(useSearchParams());
  return { filters, active: useFilterNames(filters) };
}
