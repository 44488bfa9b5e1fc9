"use client";

import type { Me } from "@dfworx/api";
import { useFormatter, useTranslations } from "next-intl";
import { useEffect, useLayoutEffect, useRef, useState } from "react";

import type { People } from "./message";
import type { Shown } from "./messageWindow";
import { newsSince, type News } from "./newlySaid";

/** Told no oftener, however fast people write. */
const APART_MS = 5_000;
const MOST_NAMED = 3;

/** For who doesn't see the messages come: how many are new, and whose. What one has said oneself isn't told. */
export function NewlySaid({ shown, me, people }: { shown: Shown; me: Me; people: People }) {
  const t = useTranslations("chat");
  const others = useTranslations("deeds");
  const format = useFormatter();
  const told = useNews(shown, me.user_id);
  const named = told?.userIds.slice(0, MOST_NAMED).map((id) => people.get(id)?.name ?? t("somebody")) ?? [];
  const unnamed = (told?.userIds.length ?? 0) - named.length;
  const names = format.list(unnamed > 0 ? [...named, others("others", { count: unnamed })] : named);
  return (
    <p role="status" className="sr-only">
      {/* Anew each time: the same words twice are two tellings. */}
      {told && <span key={told.at}>{t("newlySaid", { count: told.count, names })}</span>}
    </p>
  );
}

function useNews(shown: Shown, meId: string): (News & { at: number }) | null {
  const [told, tell] = useState<(News & { at: number }) | null>(null);
  const state = useRef({ shown, until: numberOf(shown), toldAt: -Infinity, timer: 0 });
  useLayoutEffect(() => {
    state.current.shown = shown;
  });
  useEffect(() => {
    const now = state.current;
    if (now.timer || newsSince(shown, now.until, meId).count === 0) return;
    now.timer = window.setTimeout(
      () => {
        const news = newsSince(now.shown, now.until, meId);
        now.timer = 0;
        now.toldAt = Date.now();
        now.until = numberOf(now.shown);
        // All of it may have been removed meanwhile.
        if (news.count > 0) tell({ ...news, at: now.toldAt });
      },
      Math.max(0, now.toldAt + APART_MS - Date.now()),
    );
  }, [shown, meId]);
  useEffect(() => {
    const now = state.current;
    return () => {
      window.clearTimeout(now.timer);
      now.timer = 0;
    };
  }, []);
  return told;
}

function numberOf({ newest }: Shown): number {
  return Math.max(0, newest?.number ?? 0);
}
