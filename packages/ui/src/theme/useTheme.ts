"use client";

import { useState } from "react";

import { rememberChoice } from "../choices";

import { chooseTheme, THEME_COOKIE, type Theme } from "./theme";

export function useTheme(): [Theme, (theme: Theme) => void] {
  const [theme, setTheme] = useState<Theme>(() =>
    typeof document === "undefined" ? "system" : chooseTheme(document.documentElement.dataset.choice),
  );
  return [
    theme,
    (chosen) => {
      setTheme(chosen);
      rememberChoice(THEME_COOKIE, chosen);
      const root = document.documentElement;
      const dark = window.matchMedia("(prefers-color-scheme: dark)").matches;
      root.dataset.choice = chosen;
      root.dataset.theme = chosen === "system" ? (dark ? "dark" : "light") : chosen;
    },
  ];
}
