"use client";

import { useLocale, useNow, useTimeZone, useTranslations } from "next-intl";

import { headingOf, shortTime, wholeTime, type Reader } from "./when";

export function useReader(): Reader {
  return { locale: useLocale(), timeZone: useTimeZone() ?? "UTC", now: useNow() };
}

/** A moment, short; whole in its tooltip. */
export function Time({ at, className }: { at: string; className?: string }) {
  const reader = useReader();
  return (
    <time dateTime={at} title={wholeTime(at, reader)} className={className} suppressHydrationWarning>
      {shortTime(at, reader)}
    </time>
  );
}

/** The heading of each moment in a list that is grouped by day. */
export function useHeadings(): (at: string) => string {
  const reader = useReader();
  const t = useTranslations("time");
  return (at) => {
    const heading = headingOf(at, reader);
    return typeof heading === "string" ? t(heading) : heading.text;
  };
}
