"use client";

import { useRouter } from "next/navigation";

import { LANGUAGE_COOKIE, type Language } from "./languages";

import { rememberChoice } from "../choices";

/** Changes the language of what is on the screen; nothing that was typed is lost. */
export function useLanguage(): (language: Language) => void {
  const router = useRouter();
  return (language) => {
    rememberChoice(LANGUAGE_COOKIE, language);
    router.refresh();
  };
}

/** In its own words: whoever looks for it may not read the current one. */
export function nameOfLanguage(language: Language): string {
  const name = new Intl.DisplayNames(language, { type: "language" }).of(language) ?? language;
  return name.charAt(0).toLocaleUpperCase(language) + name.slice(1);
}
