"use client";

import type { PostFilters } from "@dfworx/api";
import { Menu } from "@dfworx/ui/Menu";
import { useRouter } from "next/navigation";
import type { ReactNode } from "react";

import { FilterChoices } from "@/features/filters/FilterChoices";

import { withFilter } from "./filters";

/** What can be filtered by. The trigger is the caller's: a chip in the row of filters, a button in the header. */
export function FilterMenu({ filters, trigger }: { filters: PostFilters; trigger: ReactNode }) {
  const router = useRouter();
  return (
    <Menu align="start" trigger={trigger}>
      <FilterChoices filters={filters} choose={(change) => router.push(withFilter(filters, change))} />
    </Menu>
  );
}
