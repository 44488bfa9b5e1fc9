"use client";

import { Avatar, personHue } from "@dfworx/ui/Avatar";
import { Tooltip } from "@dfworx/ui/Tooltip";
import { useTranslations } from "next-intl";
import { useSyncExternalStore } from "react";

import type { Writers } from "./writers";

const SHOWN = 4;

/** The others who have the text open; a ring around those who write now. */
export function WritersHere({ writers }: { writers: Writers }) {
  const t = useTranslations("together");
  const here = useSyncExternalStore(writers.subscribe, writers.list, writers.list);
  const writing = here.filter((each) => each.isWriting);
  const nameOf = (each: (typeof here)[number]) => each.name ?? t("somebody");
  const told = (names: string[]) => ({ name: names[0] ?? "", count: names.length, others: names.length - 1 });
  return (
    <>
      <span role="status" className="sr-only">
        {writing.length > 0 && t("writing", told(writing.map(nameOf)))}
      </span>
      {here.length > 0 && (
        <span className="flex shrink-0 items-center ps-1">
          {writing.length > 0 && (
            <span aria-hidden className="me-2.5 max-w-48 truncate text-xs text-ink-3 @max-[60rem]/sheet:hidden">
              {t("writing", told(writing.map(nameOf)))}
            </span>
          )}
          {here.slice(0, SHOWN).map((each) => (
            <Tooltip key={each.user_id} text={t(each.isWriting ? "writing" : "here", told([nameOf(each)]))}>
              <span
                className={`person-${personHue(each.user_id)} -ms-[5px] rounded-full border-[1.5px] bg-sheet first:ms-0 ${each.isWriting ? "border-(--person)" : "border-sheet"}`}
                data-writing={each.isWriting || undefined}
              >
                <Avatar person={each} />
              </span>
            </Tooltip>
          ))}
          {here.length > SHOWN && <span className="ms-1 text-xs text-ink-3">+{here.length - SHOWN}</span>}
        </span>
      )}
    </>
  );
}
