"use client";

import { listCategories } from "@dfworx/api";
import { useApi } from "@dfworx/api/react";
import { useQuery } from "@tanstack/react-query";
import { Folder, Hash, Keyboard, LogOut, Moon, Search, SquarePen, Sun, SunMoon } from "lucide-react";
import { useTranslations } from "next-intl";

import { pathOfCategory, pathOfNewPost } from "@/features/shell/paths";
import { addressPath } from "@/features/search/asked";
import { useLeaving } from "@/features/shell/Leaving";
import { PLACES } from "@/features/shell/places";
import { THEMES } from "@dfworx/ui/theme/theme";
import { useTheme } from "@dfworx/ui/theme/useTheme";

import { useNewThread } from "./Finding";
import type { Row } from "./row";

const THEME_ICONS = { light: Sun, dark: Moon, system: SunMoon };
const PLACE_KEYS: Partial<Record<string, string[]>> = { inbox: ["G", "I"], posts: ["G", "P"], drafts: ["G", "D"] };
export const SEARCH_ALL = "do:search";

/** What can be done from anywhere: those that the words name, and what the words themselves can become. */
export function useDeeds(words: string, showShortcuts: () => void): { places: Row[]; deeds: Row[] } {
  const t = useTranslations("finding.palette");
  const shell = useTranslations("shell");
  const { data: categories = [] } = useQuery(listCategories(useApi()));
  const [theme, setTheme] = useTheme();
  const leave = useLeaving();
  const beginThread = useNewThread();
  const places: Row[] = [
    ...PLACES.map(({ name, href, icon: Icon }) => ({
      key: `go:${name}`,
      label: shell(name),
      icon: <Icon aria-hidden />,
      href,
      keys: PLACE_KEYS[name],
    })),
    ...categories.map((category) => ({
      key: `go:category:${category.category_id}`,
      label: category.name,
      icon: <Folder aria-hidden />,
      href: pathOfCategory(category.slug),
    })),
  ];
  const named: Row[] = [
    ...THEMES.filter((each) => each !== theme).map((each) => {
      const Icon = THEME_ICONS[each];
      const label = t("theme", { theme: shell(`themes.${each}`) });
      return { key: `do:theme:${each}`, label, icon: <Icon aria-hidden />, act: () => setTheme(each) };
    }),
    { key: "do:shortcuts", label: t("shortcuts"), icon: <Keyboard aria-hidden />, act: showShortcuts, keys: ["?"] },
    { key: "do:leave", label: shell("signOut"), icon: <LogOut aria-hidden />, act: leave },
  ];
  const newPost: Row = {
    key: "do:new",
    label: words ? t("newPostTitled", { title: words }) : t("newPost"),
    icon: <SquarePen aria-hidden />,
    href: pathOfNewPost(words),
    keys: words ? undefined : ["C"],
  };
  const newThread: Row = {
    key: "do:thread",
    label: words ? t("newThreadNamed", { name: words }) : t("newThread"),
    icon: <Hash aria-hidden />,
    act: () => beginThread(words),
    keys: words ? undefined : ["T"],
  };
  if (!words) return { places: places.slice(0, PLACES.length), deeds: [newPost, newThread, ...named] };
  const search: Row = {
    key: SEARCH_ALL,
    label: t("searchAll", { words }),
    icon: <Search aria-hidden />,
    href: addressPath({ q: words }),
    keys: ["⇧", "↵"],
  };
  return {
    places: places.filter(isNamed(words)).slice(0, 5),
    deeds: [...named.filter(isNamed(words)), newPost, newThread, search],
  };
}

/** Each word begins one of the label's: "da th" names "Theme: Dark". */
function isNamed(words: string): (row: Row) => boolean {
  const wanted = split(words);
  return ({ label }) => {
    const there = split(label);
    return wanted.length > 0 && wanted.every((word) => there.some((each) => each.startsWith(word)));
  };
}

function split(text: string): string[] {
  const folded = text.normalize("NFKD").replace(/\p{M}/gu, "").toLocaleLowerCase();
  return folded.split(/[^\p{L}\p{N}]+/u).filter(Boolean);
}
