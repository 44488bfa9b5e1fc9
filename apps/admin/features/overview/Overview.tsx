"use client";

import { getOverview, type AdminShapes } from "@dfworx/api/admin";
import { useApi } from "@dfworx/api/react";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import clsx from "clsx";
import { useFormatter, useTranslations } from "next-intl";
import { useState } from "react";

import { Asked } from "@/features/shell/Asked";
import { Page } from "@/features/shell/Page";
import { RangeChoice, type Range } from "@/features/shell/RangeChoice";

import { Chart } from "./Chart";
import { changeOf, dayBefore, pathOfSeries } from "./figures";
import { FigureRows } from "./FigureRows";
import { useWritten } from "./useWritten";

type Figure = AdminShapes["Figure"];

/** All figures of a range; the one that is looked at has its days and its rows below. */
export function Overview() {
  const t = useTranslations("overview");
  const api = useApi();
  const [range, setRange] = useState<Range>("30d");
  const [name, choose] = useState<Figure["name"]>("active_day");
  const overview = useQuery({ ...getOverview(api, { range }), placeholderData: keepPreviousData });
  const first = overview.data?.first_day;
  const earlier = useQuery({
    ...getOverview(api, { range, ...(first && { to: dayBefore(first) }) }),
    enabled: first !== undefined,
  });
  const before = earlier.data?.figures.find((each) => each.name === name)?.series;
  return (
    <Page title={t("title")} actions={<RangeChoice range={range} onChoose={setRange} />}>
      <Asked query={overview}>
        {({ figures }) => {
          const chosen = figures.find((each) => each.name === name);
          return (
            <div className="mx-auto flex max-w-300 flex-col gap-3">
              <ul className="grid grid-cols-2 gap-px overflow-hidden rounded-md border border-line bg-line md:grid-cols-4 xl:grid-cols-6">
                {figures.map((figure) => (
                  <li key={figure.name} className="bg-sheet">
                    <Tile figure={figure} isChosen={figure.name === name} onChoose={() => choose(figure.name)} />
                  </li>
                ))}
              </ul>
              {chosen && chosen.series.length > 0 && <Chart key={name} figure={chosen} before={before ?? []} />}
              {chosen && <FigureRows figure={chosen} range={range} />}
            </div>
          );
        }}
      </Asked>
    </Page>
  );
}

function Tile({ figure, isChosen, onChoose }: { figure: Figure; isChosen: boolean; onChoose: () => void }) {
  const t = useTranslations("overview");
  const format = useFormatter();
  const written = useWritten();
  const change = changeOf(figure.value, figure.before);
  return (
    <button
      type="button"
      aria-pressed={isChosen}
      onClick={onChoose}
      className={clsx(
        "flex h-full w-full flex-col p-4 text-start focus-visible:-outline-offset-2",
        isChosen ? "bg-selected" : "hover:bg-hover",
      )}
    >
      <span className="text-xs text-ink-2">{t(`figures.${figure.name}`)}</span>
      <span className={figure.value === null ? "text-sm text-ink-3" : "text-xl font-semibold tabular-nums"}>
        {written(figure.value, figure.unit)}
      </span>
      <span className="min-h-5 text-xs text-ink-2">
        {change !== null &&
          t("change", {
            change: format.number(change, { style: "percent", signDisplay: "exceptZero", maximumFractionDigits: 0 }),
          })}
      </span>
      <svg viewBox="0 0 100 24" preserveAspectRatio="none" className="mt-auto h-7 w-full pt-1" aria-hidden>
        <path
          d={pathOfSeries(figure.series.map(({ value }) => value))}
          fill="none"
          stroke="var(--chart-1)"
          strokeWidth="1.5"
          vectorEffect="non-scaling-stroke"
        />
      </svg>
    </button>
  );
}
