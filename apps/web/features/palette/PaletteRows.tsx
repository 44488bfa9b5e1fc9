"use client";

import { Bar } from "@dfworx/ui/Skeleton";
import { Key } from "@dfworx/ui/Button";
import clsx from "clsx";
import { useTranslations } from "next-intl";

import type { Row } from "./row";
import type { useOffer } from "./rows";

interface PaletteRowsProps {
  offer: ReturnType<typeof useOffer>;
  chosen: string | undefined;
  choose: (key: string) => void;
  open: (row: Row, inNewTab: boolean) => void;
  idOf: (row: Row) => string;
}

export function PaletteRows({ offer, chosen, choose, open, idOf }: PaletteRowsProps) {
  const t = useTranslations("finding.palette");
  const { groups, waiting, failed, corrected } = offer;
  const nothingYet = groups.every((group) => group.name === "do" || group.name === "places");
  const count = groups.reduce((sum, group) => (group.name === "do" ? sum : sum + group.rows.length), 0);
  return (
    <>
      <p role="status" className="sr-only">
        {failed ? t("failed") : waiting ? "" : t("count", { count })}
      </p>
      {failed && <p className="px-4 pt-3 text-sm text-ink-2">{t("failed")}</p>}
      {corrected && (
        <p className="px-4 pt-3 text-sm text-ink-2">
          {t.rich("corrected", { words: () => <strong className="font-semibold text-ink">{corrected}</strong> })}
        </p>
      )}
      {waiting && nothingYet && !failed && <Waiting label={t("groups.posts")} />}
      <div id="palette-rows" role="listbox" aria-label={t("results")}>
        {groups.map((group) => (
          <div key={group.name} role="group" aria-labelledby={`palette-group-${group.name}`}>
            <div id={`palette-group-${group.name}`} className="px-4 pt-2.5 pb-1 text-xs font-medium text-ink-3">
              {t(`groups.${group.name}`)}
            </div>
            {group.rows.map((row) => (
              <Option
                key={row.key}
                id={idOf(row)}
                row={row}
                isChosen={row.key === chosen}
                choose={() => choose(row.key)}
                open={(inNewTab) => open(row, inNewTab)}
              />
            ))}
          </div>
        ))}
      </div>
    </>
  );
}

interface OptionProps {
  id: string;
  row: Row;
  isChosen: boolean;
  choose: () => void;
  open: (inNewTab: boolean) => void;
}

/** The keys stay in the field above: it says which option is chosen and opens it. */
function Option({ id, row, isChosen, choose, open }: OptionProps) {
  const t = useTranslations("finding.palette");
  return (
    // Focus stays in the field above, and so do the keys.
    // eslint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus
    <div
      id={id}
      role="option"
      aria-selected={isChosen}
      onPointerMove={isChosen ? undefined : choose}
      onClick={(event) => open(event.metaKey || event.ctrlKey)}
      className={clsx(
        "mx-1.5 flex min-h-[38px] cursor-default items-center gap-2.5 rounded-sm px-2.5 py-[5px] max-md:min-h-[46px]",
        isChosen && "bg-selected",
      )}
    >
      <span className="grid w-5 shrink-0 place-items-center text-ink-3 [&_svg]:size-4 [&_svg]:stroke-[1.75]">
        {row.icon}
      </span>
      <span className="min-w-0 grow truncate text-start" dir="auto">
        {row.shown ?? row.label}
      </span>
      {isChosen && row.href && !row.keys ? (
        <span aria-hidden className="flex shrink-0 items-center gap-[5px] text-xs text-ink-3 pointer-coarse:hidden">
          {t("open")} <Key>↵</Key>
        </span>
      ) : (
        (row.aside ?? row.keys) && (
          <span className="flex shrink-0 items-center gap-1 text-xs text-ink-3 max-md:hidden">
            {row.aside}
            {row.keys?.map((key) => (
              <Key key={key}>{key}</Key>
            ))}
          </span>
        )
      )}
    </div>
  );
}

function Waiting({ label }: { label: string }) {
  return (
    <div aria-hidden className="late">
      <div className="px-4 pt-2.5 pb-1 text-xs font-medium text-ink-3">{label}</div>
      {["w-1/2", "w-2/5", "w-3/5"].map((width) => (
        <div key={width} className="mx-1.5 flex min-h-[38px] items-center gap-2.5 px-2.5 max-md:min-h-[46px]">
          <Bar className="size-4" />
          <Bar className={clsx("h-2.5", width)} />
        </div>
      ))}
    </div>
  );
}
