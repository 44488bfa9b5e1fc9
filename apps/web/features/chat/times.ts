"use client";

import { useMemo } from "react";

import { useReader } from "@dfworx/ui/time/Time";
import { dayKey, dayName, timeOfDay } from "@dfworx/ui/time/when";

/** How moments of messages are written: days stand above, so a message has its time of day alone. */
export interface Times {
  /** The calendar's day, the same for all its moments. */
  day: (at: number) => string;
  dayName: (at: number) => string;
  time: (at: number) => string;
}

export function useTimes(): Times {
  const { locale, timeZone, now } = useReader();
  return useMemo(() => {
    const reader = { locale, timeZone, now };
    return {
      day: (at) => dayKey(at, reader),
      dayName: (at) => dayName(at, reader),
      time: (at) => timeOfDay(at, reader),
    };
  }, [locale, timeZone, now]);
}
