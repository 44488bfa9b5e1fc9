"use client";

import { live } from "@dfworx/api/live";
import { useConvex } from "convex/react";
import { useEffect } from "react";

import { every, oneAtATime } from "./beat";
import { watchIdle } from "./idle";
import { currentPlace, subscribeToPlace } from "./place";
import { tabId } from "./tab";

const EVERY_MS = 20_000;

/** Says that the person is here: every 20 seconds, and at once when they are idle, back, elsewhere or gone. */
export function Heart() {
  const client = useConvex();
  useEffect(() => {
    let is_idle = false;
    const device_id = tabId();
    const beat = oneAtATime(() =>
      client.mutation(live.presence.heartbeat, { device_id, is_idle, place: currentPlace() }),
    );
    const stops = [
      watchIdle((now) => {
        is_idle = now;
        beat();
      }),
      subscribeToPlace(beat),
      every(EVERY_MS, beat),
    ];
    // What doesn't reach anybody any more is known after a while without it.
    const leave = () => void client.mutation(live.presence.leave, { device_id }).catch(() => undefined);
    const back = ({ persisted }: PageTransitionEvent) => persisted && beat();
    window.addEventListener("pagehide", leave);
    window.addEventListener("pageshow", back);
    return () => {
      for (const stop of stops) stop();
      window.removeEventListener("pagehide", leave);
      window.removeEventListener("pageshow", back);
    };
  }, [client]);
  return null;
}
