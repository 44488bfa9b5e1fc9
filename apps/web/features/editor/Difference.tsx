import clsx from "clsx";
import { useTranslations } from "next-intl";
import { useMemo } from "react";

import { rowsOf, type Row } from "./difference";

/** Two versions of one thing. Signs and colours say the same. */
export function Difference({ label, from, to }: { label: string; from: string; to: string }) {
  const t = useTranslations("editor");
  const rows = useMemo(() => rowsOf(from, to), [from, to]);
  return (
    <section aria-label={label} className="mb-3">
      <h3 className="mb-1 text-xs font-medium text-ink-3">{label}</h3>
      <div
        // It scrolls, so it takes focus.
        // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
        className="max-h-[40dvh] overflow-auto scroll-quiet rounded-md border border-line bg-sunken py-1 font-mono text-xs leading-5"
      >
        <ul dir="ltr">
          {rows.map((row, at) => (
            <li key={at}>
              {row.kind === "gap" ? (
                <p className="px-3 text-ink-3">⋯ {t("sameLines", { count: row.lines })}</p>
              ) : (
                <Line row={row} />
              )}
            </li>
          ))}
        </ul>
      </div>
    </section>
  );
}

function Line({ row }: { row: Exclude<Row, { kind: "gap" }> }) {
  const t = useTranslations("editor");
  const { kind } = row;
  return (
    <div className={clsx("flex", kind === "from" && "bg-del-soft", kind === "to" && "bg-add-soft")}>
      <span aria-hidden className="w-9 shrink-0 pe-1 text-end text-ink-3 tabular-nums select-none">
        {row.from}
      </span>
      <span aria-hidden className="w-9 shrink-0 pe-2 text-end text-ink-3 tabular-nums select-none">
        {row.to}
      </span>
      <span aria-hidden className="w-4 shrink-0 select-none">
        {kind === "from" ? "−" : kind === "to" ? "+" : ""}
      </span>
      {kind !== "same" && <span className="sr-only">{kind === "from" ? t("lineTheirs") : t("lineMine")}</span>}
      <span className="min-w-0 grow pe-3 break-words whitespace-pre-wrap">
        {row.pieces.map(({ text, changed }, at) =>
          changed ? (
            <mark key={at} className={clsx("text-ink", kind === "from" ? "bg-del-word" : "bg-add-word")}>
              {text}
            </mark>
          ) : (
            <span key={at}>{text}</span>
          ),
        )}
      </span>
    </div>
  );
}
