"use client";

import { useLocale, useNow, useTimeZone } from "next-intl";

import { shortTime, wholeTime, type Reader } from "./when";

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
