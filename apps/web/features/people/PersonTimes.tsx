"use client";

import { useLocale, useNow, useTranslations } from "next-intl";

import { Time } from "@dfworx/ui/time/Time";

const A_MINUTE = 60_000;

/** What time it is where they are, and since when they have been here. */
export function PersonTimes({ timezone, joinedAt }: { timezone: string | null; joinedAt: string }) {
  const t = useTranslations("people");
  const there = useTimeIn(timezone);
  return (
    <p className="mt-1.5 text-sm text-ink-3">
      {there && (
        <>
          <span suppressHydrationWarning>
            {t("timeThere", { time: there, zone: (timezone ?? "").replaceAll("_", " ") })}
          </span>
          {" · "}
        </>
      )}
      {t.rich("joined", { when: () => <Time at={joinedAt} /> })}
    </p>
  );
}

/** Null where nobody has said the zone, or this browser doesn't know it. */
function useTimeIn(timeZone: string | null): string | null {
  const locale = useLocale();
  const now = useNow({ updateInterval: A_MINUTE });
  if (!timeZone) return null;
  try {
    return new Intl.DateTimeFormat(locale === "en" ? "en-GB" : locale, { timeStyle: "short", timeZone }).format(now);
  } catch {
    return null;
  }
}
