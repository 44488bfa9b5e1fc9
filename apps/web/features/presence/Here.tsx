"use client";

import { Menu, MenuLabel } from "@dfworx/ui/Menu";
import { useTranslations } from "next-intl";

import { PersonItem } from "./PersonItem";
import { Stack } from "./Stack";
import { useWhoIsHere } from "./useWhoIsHere";

/** At the foot of the sidebar; pressed, who they are and where. */
export function Here() {
  const t = useTranslations("presence");
  const { people, count } = useWhoIsHere();
  if (people.length === 0) return null;
  return (
    <Menu
      side="top"
      trigger={
        <button
          type="button"
          className="mt-1 flex h-[34px] w-full shrink-0 items-center gap-2 rounded-sm px-2 text-sm text-ink-2 hover:bg-hover focus-visible:rounded-sm max-lg:justify-center max-lg:px-0 pointer-coarse:h-11"
        >
          <span className="contents max-lg:hidden">
            <Stack people={people} count={count} onDesk />
          </span>
          <span className="max-lg:hidden">{t("hereNow", { count })}</span>
          <span aria-hidden className="text-xs tabular-nums lg:hidden">
            <span className="me-1 inline-block size-[7px] rounded-full bg-here" />
            {count}
          </span>
          <span className="sr-only lg:hidden">{t("hereNow", { count })}</span>
        </button>
      }
    >
      <MenuLabel>{t("hereNow", { count })}</MenuLabel>
      {people.map((each) => (
        <PersonItem key={each.user_id} person={each} />
      ))}
      {count > people.length && <MenuLabel>{t("andMore", { count: count - people.length })}</MenuLabel>}
    </Menu>
  );
}
