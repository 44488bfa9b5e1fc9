"use client";

import type { AdminShapes } from "@dfworx/api/admin";
import { Button } from "@dfworx/ui/Button";
import { useFormatter, useTranslations } from "next-intl";
import { useEffect, useState } from "react";
import { Area, Bar, CartesianGrid, ComposedChart, Line, ResponsiveContainer, Tooltip, XAxis, YAxis } from "recharts";

import { useWritten } from "./useWritten";

type Figure = AdminShapes["Figure"];

interface Props {
  figure: Figure;
  /** The days of the range before, as many. */
  before: Figure["series"];
}

const LABEL = { fontSize: 11, fill: "var(--ink-3)" };
/** A line through fewer days would say more than is known. */
const BARS_BELOW = 8;

/** A figure day by day beside the range before; its heading tells the last day, or the one that is pointed at. */
export function Chart({ figure, before }: Props) {
  const t = useTranslations("overview");
  const format = useFormatter();
  const written = useWritten();
  const [pointed, point] = useState<string | null>(null);
  const [isTable, setTable] = useState(false);
  const days = figure.series.map(({ day, value }, at) => ({ day, value, before: before[at]?.value ?? null }));
  const told = days.find(({ day }) => day === pointed) ?? days.at(-1);
  // Days are those of UTC.
  const dayOf = (day: string) => format.dateTime(new Date(day), { day: "numeric", month: "short", timeZone: "UTC" });
  const title = t("byDay", { figure: t(`figures.${figure.name}`) });
  return (
    <section aria-label={title} className="rounded-md border border-line p-4">
      <header className="mb-3 flex flex-wrap items-center gap-x-4 gap-y-1 text-sm">
        <h2 className="grow font-medium">{title}</h2>
        {told && (
          <p className="flex flex-wrap gap-x-4 text-ink-2 tabular-nums">
            <span>
              <span aria-hidden className="me-1.5 inline-block h-0.5 w-3 bg-chart-1 align-middle" />
              <span className="font-semibold text-ink">{written(told.value, figure.unit)}</span> {dayOf(told.day)}
            </span>
            {told.before !== null && (
              <span>
                <span aria-hidden className="me-1.5 inline-block w-3 border-t-2 border-dashed align-middle" />
                <span className="font-semibold text-ink">{written(told.before, figure.unit)}</span> {t("before")}
              </span>
            )}
          </p>
        )}
        <Button size="small" look="ghost" aria-pressed={isTable} onClick={() => setTable(!isTable)}>
          {t("asTable")}
        </Button>
      </header>
      {isTable ? (
        // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- What scrolls is reached by keys too.
        <div className="max-h-80 overflow-auto scroll-quiet" tabIndex={0} role="group" aria-label={title}>
          <table className="w-full text-sm tabular-nums">
            <thead className="text-xs text-ink-3">
              <tr>
                <th scope="col" className="py-1 text-start font-medium">
                  {t("day")}
                </th>
                <th scope="col" className="py-1 text-end font-medium">
                  {t(`figures.${figure.name}`)}
                </th>
                <th scope="col" className="py-1 text-end font-medium">
                  {t("before")}
                </th>
              </tr>
            </thead>
            <tbody>
              {days.map(({ day, value, before: earlier }) => (
                <tr key={day} className="border-t border-line">
                  <th scope="row" className="py-1 text-start font-normal">
                    {dayOf(day)}
                  </th>
                  <td className="py-1 text-end">{written(value, figure.unit)}</td>
                  <td className="py-1 text-end text-ink-2">{written(earlier, figure.unit)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      ) : (
        <ResponsiveContainer width="100%" height={220}>
          <ComposedChart data={days} margin={{ top: 8, right: 8, bottom: 0, left: 0 }} title={title}>
            <CartesianGrid vertical={false} stroke="var(--chart-grid)" />
            <XAxis dataKey="day" tickFormatter={dayOf} tick={LABEL} minTickGap={48} axisLine={false} tickLine={false} />
            <YAxis
              width={64}
              tick={LABEL}
              tickCount={4}
              domain={[0, "auto"]}
              allowDecimals={figure.unit === "ratio"}
              tickFormatter={(value: number) => written(value, figure.unit)}
              axisLine={false}
              tickLine={false}
            />
            <Tooltip
              isAnimationActive={false}
              cursor={{ stroke: "var(--ink-3)", fill: "var(--hover)" }}
              content={({ active, label }) => <Pointed day={active ? String(label) : null} onPoint={point} />}
            />
            {days.length < BARS_BELOW ? (
              <Bar dataKey="value" fill="var(--chart-1)" isAnimationActive={false} maxBarSize={40} />
            ) : (
              <Area
                dataKey="value"
                type="linear"
                stroke="var(--chart-1)"
                strokeWidth={2}
                fill="var(--chart-1)"
                fillOpacity={0.08}
                isAnimationActive={false}
              />
            )}
            <Line
              dataKey="before"
              type="linear"
              stroke="var(--chart-prev)"
              strokeDasharray="3 4"
              dot={false}
              isAnimationActive={false}
            />
          </ComposedChart>
        </ResponsiveContainer>
      )}
    </section>
  );
}

/** Tells outside what the pointer or the arrow keys are at: nothing floats over the data. */
function Pointed({ day, onPoint }: { day: string | null; onPoint: (day: string | null) => void }) {
  useEffect(() => {
    onPoint(day);
  }, [day, onPoint]);
  return null;
}
