"use client";

import { useReader } from "@dfworx/ui/time/Time";
import { headingOf } from "@dfworx/ui/time/when";
import { useTranslations } from "next-intl";

/** The heading of each moment in a list that is grouped by day. */
export function useHeadings(): (at: string) => string {
  const reader = useReader();
  const t = useTranslations("time");
  return (at) => {
    const heading = headingOf(at, reader);
    return typeof heading === "string" ? t(heading) : heading.text;
  };
}
