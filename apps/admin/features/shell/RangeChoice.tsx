"use client";

import { Button } from "@dfworx/ui/Button";
import { useTranslations } from "next-intl";

export const RANGES = ["7d", "30d", "90d", "365d"] as const;
export type Range = (typeof RANGES)[number];

/** How many days are looked at, up to today. */
export function RangeChoice({ range, onChoose }: { range: Range; onChoose: (range: Range) => void }) {
  const t = useTranslations("range");
  return (
    <div role="group" aria-label={t("label")} className="flex gap-1">
      {RANGES.map((each) => (
        <Button
          key={each}
          size="small"
          look={each === range ? "secondary" : "ghost"}
          aria-pressed={each === range}
          onClick={() => onChoose(each)}
        >
          {t(each)}
        </Button>
      ))}
    </div>
  );
}
