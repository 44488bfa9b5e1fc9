"use client";

import { getMe } from "@dfworx/api";
import { useApi } from "@dfworx/api/react";
import { Menu, MenuLabel } from "@dfworx/ui/Menu";
import { useQuery } from "@tanstack/react-query";
import { useLocale, useTranslations } from "next-intl";

import { PersonItem } from "./PersonItem";
import { Stack } from "./Stack";
import { useWhoIsHere } from "./useWhoIsHere";

const MOST_NAMED = 8;

/** Who else has this post before them. */
export function OnPost({ postId }: { postId: string }) {
  const t = useTranslations("presence");
  const locale = useLocale();
  const { data: me } = useQuery(getMe(useApi()));
  const others = useWhoIsHere().people.filter(
    (each) => each.user_id !== me?.user_id && each.places.includes(`post:${postId}`),
  );
  if (others.length === 0) return null;
  const rest = others.length - MOST_NAMED;
  const names = [
    ...others.slice(0, MOST_NAMED).map((each) => each.name),
    ...(rest > 0 ? [t("others", { count: rest })] : []),
  ];
  const text = t("alsoHere", { names: new Intl.ListFormat(locale).format(names) });
  return (
    <Menu
      align="end"
      trigger={
        <button
          type="button"
          aria-label={text}
          data-tooltip={text}
          className="flex h-(--ctl) shrink-0 items-center rounded-sm px-1 hover:bg-hover focus-visible:rounded-sm max-md:hidden"
        >
          <Stack people={others} count={others.length} />
        </button>
      }
    >
      <MenuLabel>{t("onThisPost")}</MenuLabel>
      {others.map((each) => (
        <PersonItem key={each.user_id} person={{ ...each, places: [] }} />
      ))}
    </Menu>
  );
}
