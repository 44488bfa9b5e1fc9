"use client";

import type { AdminShapes } from "@dfworx/api/admin";
import { Time } from "@dfworx/ui/time/Time";
import { useFormatter, useTranslations } from "next-intl";

type Result = AdminShapes["ReportResult"];

/** Ids are for files: people read the name beside them. */
export function ReportTable({ result }: { result: Result }) {
  const t = useTranslations("reports");
  const columns = result.columns.filter((column) => !column.endsWith("_id"));
  if (result.rows.length === 0) return <p className="text-sm text-ink-2">{t("noRows")}</p>;
  return (
    <>
      <div
        role="group"
        aria-label={t("table")}
        // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- What scrolls is reached by keys too.
        tabIndex={0}
        className="max-h-[60dvh] overflow-auto rounded-md border border-line scroll-quiet"
      >
        <table className="w-full text-sm">
          <thead className="sticky top-0 bg-sunken text-xs text-ink-3">
            <tr>
              {columns.map((column) => (
                <th key={column} scope="col" className="px-3 py-2 text-start font-medium whitespace-nowrap">
                  {t(`columns.${column as "day"}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {result.rows.map((row, at) => (
              <tr key={at} className="border-t border-line">
                {columns.map((column) => (
                  <td key={column} className="max-w-80 truncate px-3 py-1.5 tabular-nums" dir="auto">
                    <Cell column={column} value={row[column]} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {result.is_cut && <p className="mt-2 text-xs text-ink-3">{t("cut", { rows: result.rows.length })}</p>}
    </>
  );
}

function Cell({ column, value }: { column: string; value: unknown }) {
  const format = useFormatter();
  if (typeof value === "number") return format.number(value, { maximumFractionDigits: 1 });
  if (typeof value !== "string") return null;
  if (column.endsWith("_at")) return <Time at={value} />;
  // Days are those of UTC.
  if (column === "day" || column.endsWith("_day"))
    return format.dateTime(new Date(value), { dateStyle: "medium", timeZone: "UTC" });
  return value;
}
