"use client";

import type { Me } from "@dfworx/api";
import { Avatar } from "@dfworx/ui/Avatar";
import { Menu, MenuChoice, MenuChoices, MenuItem, MenuLine, Submenu } from "@dfworx/ui/Menu";
import { Ellipsis, Languages, LayoutDashboard, LogOut, Settings, SunMoon } from "lucide-react";
import Link from "next/link";
import { useLocale, useTranslations } from "next-intl";

import { useLive } from "@/features/live/cache";
import { THEMES, type Theme } from "@dfworx/ui/theme/theme";
import { useTheme } from "@dfworx/ui/theme/useTheme";
import { LANGUAGES, type Language } from "@dfworx/ui/language/languages";

import { useLeaving } from "./Leaving";
import { nameOfLanguage, useLanguage } from "@dfworx/ui/language/useLanguage";

/** At the foot of the sidebar: who you are here, and what is yours alone. */
export function AccountMenu({ me }: { me: Me | undefined }) {
  const t = useTranslations("shell");
  const settings = useTranslations("settings");
  const [theme, setTheme] = useTheme();
  const setLanguage = useLanguage();
  const locale = useLocale();
  const leave = useLeaving();
  if (!me) return <div className="h-[38px]" />;
  return (
    <Menu
      side="top"
      trigger={
        <button
          type="button"
          className="mt-1 flex h-[38px] w-full items-center gap-[9px] rounded-sm px-2 text-sm font-medium text-ink hover:bg-hover focus-visible:rounded-sm max-lg:justify-center max-lg:px-0"
        >
          <OwnAvatar me={me} />
          <span className="sr-only">{t("account")}</span>
          <span className="min-w-0 grow truncate text-start max-lg:sr-only" dir="auto">
            {me.name}
          </span>
          <Ellipsis className="size-4 shrink-0 text-ink-3 max-lg:hidden" aria-hidden />
        </button>
      }
    >
      <Submenu label={t("theme")} icon={<SunMoon aria-hidden />}>
        <MenuChoices value={theme} onValueChange={(chosen) => setTheme(chosen as Theme)}>
          {THEMES.map((each) => (
            <MenuChoice key={each} value={each}>
              {t(`themes.${each}`)}
            </MenuChoice>
          ))}
        </MenuChoices>
      </Submenu>
      <Submenu label={t("language")} icon={<Languages aria-hidden />}>
        <MenuChoices value={locale} onValueChange={(chosen) => setLanguage(chosen as Language)}>
          {LANGUAGES.map((each) => (
            <MenuChoice key={each} value={each}>
              {nameOfLanguage(each)}
            </MenuChoice>
          ))}
        </MenuChoices>
      </Submenu>
      <MenuItem asChild>
        <Link href="/settings/profile">
          <Settings aria-hidden />
          {settings("title")}
        </Link>
      </MenuItem>
      {me.role === "admin" && (
        <MenuItem asChild>
          {/* Another app of the same origin. */}
          <a href="/admin">
            <LayoutDashboard aria-hidden />
            {t("dashboard")}
          </a>
        </MenuItem>
      )}
      <MenuLine />
      <MenuItem icon={<LogOut aria-hidden />} onSelect={leave}>
        {t("signOut")}
      </MenuItem>
    </Menu>
  );
}

/** With a mark once it is known that others see one. */
function OwnAvatar({ me }: { me: Me }) {
  const own = useLive("presence")?.find((each) => each.user_id === me.user_id);
  return <Avatar person={me} decorative presence={own?.state} className="[--mark-ground:var(--desk)]" />;
}
