"use client";

import type { PresenceState } from "@dfworx/ui/Avatar";

import { useLive } from "@/features/live/cache";

export function usePresenceOf(userId: string): PresenceState {
  return useLive("presence")?.find((each) => each.user_id === userId)?.state ?? "offline";
}
