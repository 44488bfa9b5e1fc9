"use client";

/**
 * The last places a person had open, for an empty palette. Kept on this device, apart for each person and
 * organization, and forgotten at signing out: titles may be nobody else's business.
 */
import { getMe, type Me } from "@dfworx/api";
import { useApi } from "@dfworx/api/react";
import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";

import { keepOnDevice, nameOnDevice, readFromDevice } from "@/features/session/device";

export interface RecentPlace {
  href: string;
  title: string;
}

const MOST = 6;

export function readRecent(me: Me | undefined): RecentPlace[] {
  if (!me) return [];
  const kept = readFromDevice(nameOnDevice("recent", me));
  return Array.isArray(kept) ? kept.filter(isPlace).slice(0, MOST) : [];
}

export function useRememberPlace(place: RecentPlace): void {
  const { href, title } = place;
  const { data: me } = useQuery(getMe(useApi()));
  useEffect(() => {
    if (!me) return;
    const others = readRecent(me).filter((each) => each.href !== href);
    keepOnDevice(nameOnDevice("recent", me), [{ href, title }, ...others].slice(0, MOST));
  }, [me, href, title]);
}

function isPlace(value: unknown): value is RecentPlace {
  const { href, title } = (value ?? {}) as Partial<RecentPlace>;
  return typeof href === "string" && href.startsWith("/posts/") && typeof title === "string";
}
