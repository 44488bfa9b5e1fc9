"use client";

import { getOverview, type AdminShapes } from "@dfworx/api/admin";
import { useApi } from "@dfworx/api/react";
import { Button } from "@dfworx/ui/Button";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useFormatter, useTranslations } from "next-intl";
import { useState } from "react";

import { Asked } from "@/features/shell/Asked";
import { Page } from "@/features/shell/Page";

import { changeOf, pathOfSeries } from "./figures";

const RANGES = ["7d", "30d", "90d", "365d"] as const;
type Figure = AdminShapes["Figure"];

export function Overview() {
  const t = useTranslations("overview");
  const api = useApi();
  const [range, setRange] = useState<(typeof RANGES)[number]>("30d");
  const overview = useQuery({ ...getOverview(api, { range }), placeholderData: keepPreviousData });
  return (
    <Page
      title={t("title")}
      actions={
        <div role="group" aria-label={t("range")} className="flex gap-1">
          {RANGES.map((each) => (
            <Button
              key={each}
              size="small"
              look={each === range ? "secondary" : "ghost"}
              aria-pressed={each === range}
              onClick={() => setRange(each)}
            >
              {t(`ranges.${each}`)}
            </Button>
          ))}
        </div>
      }
    >
      <Asked query={overview}>
        {({ figures }) => (
          <ul className="grid grid-cols-[repeat(auto-fill,minmax(13rem,1fr))] gap-px overflow-hidden rounded-md border border-line bg-line">
            {figures.map((figure) => (
              <li key={figure.name} className="bg-sheet p-4">
                <FigureOf figure={figure} />
              </li>
            ))}
          </ul>
        )}
      </Asked>
    </Page>
  );
}

function FigureOf({ figure }: { figure: Figure }) {
  const t = useTranslations("overview");
  const format = useFormatter();
  const change = changeOf(figure.value, figure.before);
  const written =
    figure.value === null
      ? t("notMeasured")
      : figure.unit === "ratio"
        ? format.number(figure.value, { style: "percent", maximumFractionDigits: 2 })
        : figure.unit === "bytes"
          ? format.number(figure.value / 1e6, { style: "unit", unit: "megabyte", maximumFractionDigits: 1 })
          : figure.unit === "milliseconds"
            ? format.number(figure.value, { style: "unit", unit: "millisecond", maximumFractionDigits: 1 })
            : format.number(figure.value);
  return (
    <>
      <h2 className="text-xs text-ink-2">{t(`figures.${figure.name}`)}</h2>
      <p className="text-2xl font-semibold tabular-nums">{written}</p>
      <p className="min-h-5 text-xs text-ink-2">
        {change !== null &&
          t("change", { change: format.number(change, { style: "percent", signDisplay: "exceptZero" }) })}
      </p>
      <svg viewBox="0 0 100 24" preserveAspectRatio="none" className="mt-2 h-6 w-full" aria-hidden>
        <path
          d={pathOfSeries(figure.series.map(({ value }) => value))}
          fill="none"
          stroke="var(--primary)"
          strokeWidth="1.5"
          vectorEffect="non-scaling-stroke"
        />
      </svg>
    </>
  );
}
