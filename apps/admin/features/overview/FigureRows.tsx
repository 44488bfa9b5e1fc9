"use client";

import { listOverviewRows, type AdminShapes, type CountedFigure } from "@dfworx/api/admin";
import { useApi } from "@dfworx/api/react";
import { Avatar } from "@dfworx/ui/Avatar";
import { Time } from "@dfworx/ui/time/Time";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useFormatter, useTranslations } from "next-intl";

import { Asked } from "@/features/shell/Asked";
import { More } from "@/features/shell/More";
import type { Range } from "@/features/shell/RangeChoice";

type Figure = AdminShapes["Figure"];
type Row = AdminShapes["Row"];

/** Of these the day alone is known, in UTC. */
const OF_DAYS: ReadonlySet<string> = new Set<CountedFigure>([
  "active_day",
  "active_week",
  "active_month",
  "response_milliseconds",
  "error_rate",
]);

/** What a figure counts. */
export function FigureRows({ figure, range }: { figure: Figure; range: Range }) {
  const t = useTranslations("overview");
  return (
    <section aria-label={t("rows")} className="overflow-hidden rounded-md border border-line">
      <h2 className="px-4 py-3 text-sm font-medium">{t("rowsOf", { figure: t(`figures.${figure.name}`) })}</h2>
      {isCounted(figure) ? (
        <Rows name={figure.name} range={range} />
      ) : (
        <p className="px-4 pb-4 text-sm text-ink-2">{t("noRows")}</p>
      )}
    </section>
  );
}

function isCounted(figure: Figure): figure is Figure & { name: CountedFigure } {
  return figure.has_rows;
}

function Rows({ name, range }: { name: CountedFigure; range: Range }) {
  const t = useTranslations("overview");
  const rows = useInfiniteQuery(listOverviewRows(useApi(), name, { range }));
  return (
    <>
      <Asked query={rows}>
        {({ pages }) =>
          pages[0]?.items.length === 0 ? (
            <p className="px-4 pb-4 text-sm text-ink-2">{t("none")}</p>
          ) : (
            <ol>
              {pages
                .flatMap((page) => page.items)
                .map((row) => (
                  <One key={`${row.id} ${row.at}`} row={row} isDay={OF_DAYS.has(name)} />
                ))}
            </ol>
          )
        }
      </Asked>
      <More query={rows} />
    </>
  );
}

function One({ row, isDay }: { row: Row; isDay: boolean }) {
  const t = useTranslations("overview");
  const format = useFormatter();
  return (
    <li className="flex min-h-11 items-center gap-3 border-t border-line px-4 py-1.5 text-sm">
      {row.person && (
        <span className="flex min-w-0 shrink-0 items-center gap-2 md:w-48">
          <Avatar person={row.person} decorative />
          <span className="truncate font-medium" dir="auto">
            {row.person.name}
          </span>
        </span>
      )}
      <span className="min-w-0 grow truncate" dir="auto">
        {row.post_id ? (
          <a href={`/posts/${row.post_id}`} className="text-link underline-offset-2 hover:underline">
            {row.title ?? t("untitled")}
          </a>
        ) : (
          row.title
        )}
      </span>
      {Object.entries(row.amounts).map(([amount, value]) => (
        <span key={amount} className="shrink-0 text-xs text-ink-2 tabular-nums max-md:hidden">
          {t(`amounts.${amount as "bytes"}`, { value: format.number(value) })}
        </span>
      ))}
      {row.at &&
        (isDay ? (
          <time dateTime={row.at} className="shrink-0 text-xs text-ink-3">
            {format.dateTime(new Date(row.at), { day: "numeric", month: "short", timeZone: "UTC" })}
          </time>
        ) : (
          <Time at={row.at} className="shrink-0 text-xs text-ink-3" />
        ))}
    </li>
  );
}
