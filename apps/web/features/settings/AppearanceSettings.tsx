"use client";

import { type PreferencesUpdate } from "@dfworx/api";
import { Select } from "@dfworx/ui/Select";
import { Monitor, Moon, Sun } from "lucide-react";
import { useLocale, useTranslations } from "next-intl";
import { useState } from "react";

import { LOOKS, wearLook, type Chosen, type Look } from "@/features/appearance/looks";
import { nameOfLanguage, useLanguage } from "@dfworx/ui/language/useLanguage";
import { THEMES, type Theme } from "@dfworx/ui/theme/theme";
import { useTheme } from "@dfworx/ui/theme/useTheme";
import { LANGUAGES, type Language } from "@dfworx/ui/language/languages";

import { Segments } from "./Segments";
import { SettingRow } from "./SettingRow";
import { useChangePreferences } from "./usePreferences";
import { useSaved } from "./useSaved";

const THEME_ICONS = { light: <Sun aria-hidden />, dark: <Moon aria-hidden />, system: <Monitor aria-hidden /> };

/** All of it is seen at once. Theme and language go with the person, the rest stays on this device. */
export function AppearanceSettings({ theme, looks }: { theme: Theme; looks: Chosen }) {
  return (
    <>
      <ThemeRow initial={theme} />
      <LanguageRow />
      <LookRow look="density" initial={looks.density} />
      <LookRow look="reading" initial={looks.reading} />
    </>
  );
}

function ThemeRow({ initial }: { initial: Theme }) {
  const t = useTranslations("settings.appearance");
  const shell = useTranslations("shell");
  const [, setTheme] = useTheme();
  const [theme, show] = useState(initial);
  const { standing, keep } = useKeeping();
  const choose = (chosen: Theme, before?: Theme) => {
    show(chosen);
    setTheme(chosen);
    void keep({ theme: chosen }, before && (() => choose(before)));
  };
  return (
    <SettingRow id="theme" name={shell("theme")} help={t("themeHelp")} standing={standing} isGroup>
      <Segments
        name="theme"
        labelledBy="theme-name"
        describedBy="theme-help"
        value={theme}
        options={THEMES.map((each) => ({ value: each, label: shell(`themes.${each}`), icon: THEME_ICONS[each] }))}
        choose={(chosen) => choose(chosen, theme)}
      />
    </SettingRow>
  );
}

function LanguageRow() {
  const t = useTranslations("settings.appearance");
  const shell = useTranslations("shell");
  const locale = useLocale();
  const setLanguage = useLanguage();
  const { standing, keep } = useKeeping();
  const choose = (chosen: Language, before?: Language) => {
    setLanguage(chosen);
    void keep({ language: chosen }, before && (() => choose(before)));
  };
  return (
    <SettingRow id="language" name={shell("language")} help={t("languageHelp")} standing={standing}>
      <Select
        id="language"
        aria-describedby="language-help"
        className="w-full sm:w-44"
        value={locale}
        onChange={(event) => choose(event.target.value as Language, locale)}
      >
        {LANGUAGES.map((each) => (
          <option key={each} value={each} lang={each}>
            {nameOfLanguage(each)}
          </option>
        ))}
      </Select>
    </SettingRow>
  );
}

function LookRow({ look, initial }: { look: Look; initial: string }) {
  const t = useTranslations("settings.appearance");
  const [value, show] = useState(initial);
  const { standing, saved } = useSaved();
  const choose = (chosen: string, before?: string) => {
    show(chosen);
    wearLook(look, chosen);
    saved(before === undefined ? undefined : () => choose(before));
  };
  return (
    <SettingRow id={look} name={t(look)} help={t(`${look}Help`)} standing={standing} isGroup>
      <Segments<string>
        name={look}
        labelledBy={`${look}-name`}
        describedBy={`${look}-help`}
        value={value}
        options={LOOKS[look].map((each) => ({ value: each, label: t(each) }))}
        choose={(chosen) => choose(chosen, value)}
      />
    </SettingRow>
  );
}

/** Keeps a choice with the person. On this device it holds already, whatever comes of that. */
function useKeeping() {
  const t = useTranslations("settings.appearance");
  const change = useChangePreferences();
  const { standing, saved, failed, rest } = useSaved();
  return {
    standing: standing.step === "failed" ? { ...standing, told: t("onlyHere", { why: standing.told }) } : standing,
    async keep(changes: PreferencesUpdate, undo?: () => void) {
      rest();
      try {
        await change(changes);
        saved(undo);
      } catch (error) {
        failed(error);
      }
    },
  };
}
