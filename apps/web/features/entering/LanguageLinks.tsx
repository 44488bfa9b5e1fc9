"use client";

import { useLocale } from "next-intl";

import { LANGUAGES } from "@dfworx/ui/language/languages";
import { nameOfLanguage, useLanguage } from "@dfworx/ui/language/useLanguage";

export function LanguageLinks() {
  const current = useLocale();
  const setLanguage = useLanguage();
  return (
    <span className="flex gap-3">
      {LANGUAGES.filter((each) => each !== current).map((each) => (
        <button key={each} type="button" lang={each} className="link min-h-6" onClick={() => setLanguage(each)}>
          {nameOfLanguage(each)}
        </button>
      ))}
    </span>
  );
}
