"use client";

import { listNewest, notificationKeys } from "@dfworx/api";
import { live, type LiveNotifications } from "@dfworx/api/live";
import { useApi } from "@dfworx/api/react";
import { useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useEffect, useEffectEvent, useRef, useState } from "react";

import { useWatched } from "@/features/live/useWatched";

import { desktop, showOnDesktop } from "./desktop";
import { plainExcerpt } from "./excerpt";
import { freshIn } from "./fresh";
import { pathOfTold, useSaying } from "./saying";

/** Of a night's worth, nobody wants each by itself. */
const MOST_AT_ONCE = 3;
const ANNOUNCED_EVERY_MS = 5_000;

/** What one is told of, when it happens. */
export function Bell() {
  const told = useWatched(live.notifications.live, {});
  const queries = useQueryClient();
  const before = useRef<LiveNotifications>(undefined);
  const [announced, announce] = useAnnouncement();
  const show = useShowing();
  const ring = useEffectEvent((count: number) => {
    announce(count);
    if (!document.hasFocus() && desktop() === "on") void show(count);
  });
  useEffect(() => {
    if (!told) return;
    queries.setQueryData(notificationKeys.count, told.unread);
    const last = before.current;
    before.current = told;
    if (!last) return;
    void queries.invalidateQueries({ queryKey: notificationKeys.lists });
    const fresh = freshIn(last.latest, told.latest);
    if (fresh.length > 0) ring(fresh.length);
  }, [queries, told]);
  return (
    <p role="status" className="sr-only">
      {announced}
    </p>
  );
}

/** Not more than one in five seconds: what comes meanwhile is said with the next. */
function useAnnouncement(): [string, (count: number) => void] {
  const t = useTranslations("presence");
  const [said, say] = useState("");
  const waiting = useRef({ count: 0, timer: 0, saidAt: 0 });
  useEffect(() => {
    const { current } = waiting;
    return () => window.clearTimeout(current.timer);
  }, []);
  const announce = (count: number) => {
    const { current } = waiting;
    current.count += count;
    window.clearTimeout(current.timer);
    current.timer = window.setTimeout(
      () => {
        say(t("told", { count: current.count }));
        current.count = 0;
        current.saidAt = Date.now();
      },
      Math.max(0, current.saidAt + ANNOUNCED_EVERY_MS - Date.now()),
    );
  };
  return [said, announce];
}

/** In the inbox's own words, which are read where the inbox has them from. */
function useShowing() {
  const t = useTranslations("finding.inbox");
  const presence = useTranslations("presence");
  const api = useApi();
  const router = useRouter();
  const say = useSaying();
  return async (count: number) => {
    if (count > MOST_AT_ONCE) {
      const title = presence("told", { count });
      return showOnDesktop({ id: "many", title, body: "" }, () => router.push("/notifications"));
    }
    for (const each of await listNewest(api, count)) {
      const { key, who, title } = say({ key: each.notification_id, newest: each, all: [each], isRead: false });
      showOnDesktop(
        {
          id: each.notification_id,
          title: t.markup(key, { who, title, b: (words) => words }),
          body: each.comment ? plainExcerpt(each.comment.excerpt) : "",
        },
        () => router.push(pathOfTold(each)),
      );
    }
  };
}
