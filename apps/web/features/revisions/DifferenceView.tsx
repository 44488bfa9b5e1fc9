"use client";

import type { Difference } from "@dfworx/api";
import clsx from "clsx";
import { useTranslations } from "next-intl";
import { useMemo } from "react";

import { toRows, type Piece, type Row } from "./lines";

/** Lines with a sign each, and the words that differ marked: not by colour alone, and said to those who don't see it. */
export function DifferenceView({ difference }: { difference: Difference }) {
  const t = useTranslations("revisions");
  const title = useMemo(() => toRows(difference.title), [difference]);
  const content = useMemo(() => toRows(difference.content), [difference]);
  const isSame = [...title, ...content].every((row) => row.kind === "same" || row.kind === "omitted");
  const hasOtherTitle = title.some((row) => row.kind !== "same");
  return (
    <div className="px-5 py-4 @max-[50rem]/sheet:px-4">
      {difference.against === null && <p className="mb-3 text-sm text-ink-3">{t("firstVersion")}</p>}
      {isSame && <p className="mb-3 text-sm text-ink-3">{t("nothingChanged")}</p>}
      {hasOtherTitle && (
        <>
          <h3 className="mb-1.5 text-xs font-medium text-ink-3">{t("titleWas")}</h3>
          <Rows rows={title} />
          <div className="h-4" />
        </>
      )}
      {content.length > 0 && <Rows rows={content} />}
    </div>
  );
}

const LOOKS = {
  same: { sign: "", ground: "", word: "" },
  removed: { sign: "−", ground: "bg-del-soft", word: "bg-del-word" },
  added: { sign: "+", ground: "bg-add-soft", word: "bg-add-word" },
};

function Rows({ rows }: { rows: Row[] }) {
  const t = useTranslations("revisions");
  return (
    <div
      dir="ltr"
      className="overflow-hidden rounded-md border border-line bg-sheet py-1 font-mono text-sm [font-feature-settings:'calt'_0]"
    >
      {rows.map((row, at) =>
        row.kind === "omitted" ? (
          <p key={at} className="my-1 border-y border-line bg-sunken px-3 py-1 font-sans text-xs text-ink-3">
            {t("omitted", { count: row.count })}
          </p>
        ) : (
          <p key={at} className={clsx("flex min-h-5", LOOKS[row.kind].ground)}>
            <span className="w-7 shrink-0 text-center text-ink-2 select-none" aria-hidden>
              {LOOKS[row.kind].sign}
            </span>
            {row.kind !== "same" && (
              <span className="sr-only">{t(row.kind === "added" ? "addedLine" : "removedLine")}</span>
            )}
            <span className="min-w-0 grow pe-3 break-words whitespace-pre-wrap [tab-size:4]" dir="auto">
              {row.pieces.map((piece, place) => (
                <Words key={place} piece={piece} kind={row.kind} />
              ))}
            </span>
          </p>
        ),
      )}
    </div>
  );
}

function Words({ piece, kind }: { piece: Piece; kind: "same" | "removed" | "added" }) {
  if (!piece.changed || kind === "same") return piece.text;
  const Mark = kind === "added" ? "ins" : "del";
  return <Mark className={clsx("rounded-xs no-underline", LOOKS[kind].word)}>{piece.text}</Mark>;
}
