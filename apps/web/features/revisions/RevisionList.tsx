"use client";

import type { RevisionItem } from "@dfworx/api";
import { Avatar } from "@dfworx/ui/Avatar";
import { Badge } from "@dfworx/ui/Badge";
import { Button } from "@dfworx/ui/Button";
import clsx from "clsx";
import { useFormatter, useTranslations } from "next-intl";

import { Time } from "@dfworx/ui/time/Time";
import { useHeadings } from "@/features/time/useHeadings";

import { useShown } from "./useShown";

interface Props {
  revisions: RevisionItem[];
  chosen: number | null;
  more: { has: boolean; isLoading: boolean; hasFailed: boolean; load: () => void };
}

/** Newest first, by day. */
export function RevisionList({ revisions, chosen, more }: Props) {
  const t = useTranslations("revisions");
  const states = useTranslations("states");
  const headingOf = useHeadings();
  const groups: { heading: string; items: RevisionItem[] }[] = [];
  for (const item of revisions) {
    const heading = headingOf(item.created_at);
    const last = groups.at(-1);
    if (last?.heading === heading) last.items.push(item);
    else groups.push({ heading, items: [item] });
  }
  return (
    <nav aria-label={t("listLabel")} className="pb-4">
      {groups.map(({ heading, items }) => (
        <section key={heading}>
          <h2 className="sticky top-0 z-1 flex h-[34px] items-end bg-sheet px-4 pb-1.5 text-xs font-medium text-ink-3">
            {heading}
          </h2>
          <ul className="px-2">
            {items.map((item) => (
              <Row
                key={item.version}
                item={item}
                before={revisions[revisions.indexOf(item) + 1]}
                isChosen={item.version === chosen}
              />
            ))}
          </ul>
        </section>
      ))}
      {revisions.length === 1 && <p className="px-4 pt-2 text-xs text-ink-3">{t("alone")}</p>}
      {more.has && (
        <p className="px-4 pt-3">
          <Button size="small" busy={more.isLoading && t("loadingMore")} onClick={more.load}>
            {more.hasFailed ? states("tryAgain") : t("showMore")}
          </Button>
        </p>
      )}
    </nav>
  );
}

function Row({ item, before, isChosen }: { item: RevisionItem; before: RevisionItem | undefined; isChosen: boolean }) {
  const t = useTranslations("revisions");
  const format = useFormatter();
  const { linkTo } = useShown();
  const grown = before ? item.size - before.size : null;
  const size =
    grown === null
      ? t("sizeOf", { count: item.size })
      : grown === 0
        ? t("same")
        : t(grown > 0 ? "longer" : "shorter", { count: format.number(Math.abs(grown)) });
  return (
    <li>
      <a
        {...linkTo({ version: item.version, against: "before" })}
        aria-current={isChosen ? "true" : undefined}
        className={clsx(
          "flex min-h-14 items-center gap-2.5 rounded-sm px-2 py-2 focus-visible:rounded-sm",
          isChosen ? "bg-selected @max-[50rem]/sheet:bg-transparent" : "hover:bg-hover",
        )}
      >
        <Avatar person={item.author} decorative />
        <span className="min-w-0 grow">
          <span className="flex items-center gap-2">
            <span className="min-w-0 truncate font-medium" dir="auto">
              {item.author.name}
            </span>
            {item.is_current && <Badge>{t("current")}</Badge>}
          </span>
          <span className="block truncate text-xs text-ink-3">
            {t("version", { version: item.version })} · {size}
          </span>
        </span>
        <Time at={item.created_at} className="shrink-0 self-start pt-0.5 text-xs text-ink-3" />
      </a>
    </li>
  );
}
