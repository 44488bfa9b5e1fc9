"use client";

import { getSystemHealth } from "@dfworx/api/admin";
import { useApi } from "@dfworx/api/react";
import { Badge } from "@dfworx/ui/Badge";
import { useQuery } from "@tanstack/react-query";
import { useFormatter, useTranslations } from "next-intl";

import { Asked } from "@/features/shell/Asked";
import { Page } from "@/features/shell/Page";

const TONES = { up: "success", degraded: "warning", down: "danger", unknown: "neutral" } as const;

export function Health() {
  const t = useTranslations("health");
  const format = useFormatter();
  const health = useQuery(getSystemHealth(useApi()));
  return (
    <Page title={t("title")}>
      <Asked query={health}>
        {({ parts }) => (
          <ul className="max-w-180 overflow-hidden rounded-md border border-line">
            {parts.map((part) => (
              <li key={part.name} className="flex items-center gap-3 border-b border-line px-3 py-2.5 last:border-b-0">
                <span className="min-w-0 grow">
                  <span className="font-medium">{part.name}</span>
                  <span className="block truncate text-xs text-ink-3">{part.detail}</span>
                </span>
                {typeof part.ms === "number" && (
                  <span className="text-sm text-ink-2 tabular-nums">
                    {format.number(part.ms, { style: "unit", unit: "millisecond", maximumFractionDigits: 1 })}
                  </span>
                )}
                <Badge tone={TONES[part.status]}>{t(`states.${part.status}`)}</Badge>
              </li>
            ))}
          </ul>
        )}
      </Asked>
    </Page>
  );
}
