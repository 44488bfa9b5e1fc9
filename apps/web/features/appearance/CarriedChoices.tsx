"use client";

import { getPreferencesToCarry } from "@dfworx/api";
import { useApi } from "@dfworx/api/react";
import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";

import { useLanguage } from "@dfworx/ui/language/useLanguage";
import { THEME_COOKIE } from "@dfworx/ui/theme/theme";
import { useTheme } from "@dfworx/ui/theme/useTheme";
import { isLanguage, LANGUAGE_COOKIE } from "@dfworx/ui/language/languages";

/** Brings theme and language along to a device on which nothing was chosen yet. Shows nothing itself. */
export function CarriedChoices() {
  const isMissing = !hasChosen(THEME_COOKIE) || !hasChosen(LANGUAGE_COOKIE);
  const { data } = useQuery({ ...getPreferencesToCarry(useApi()), enabled: isMissing });
  const [, setTheme] = useTheme();
  const setLanguage = useLanguage();
  const theme = data?.theme;
  const language = data?.language ?? undefined;
  useEffect(() => {
    if (theme && theme !== "system" && !hasChosen(THEME_COOKIE)) setTheme(theme);
    if (isLanguage(language) && !hasChosen(LANGUAGE_COOKIE)) setLanguage(language);
  }, [theme, language, setTheme, setLanguage]);
  return null;
}

function hasChosen(cookie: string): boolean {
  // Only a browser can bring something along.
  return typeof document === "undefined" || document.cookie.split("; ").some((each) => each.startsWith(`${cookie}=`));
}
