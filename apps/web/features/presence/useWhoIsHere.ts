"use client";

import type { Presence } from "@dfworx/api/live";
import { useMemo } from "react";

import { useLive } from "@/features/live/cache";

export interface PersonHere extends Presence {
  name: string;
}

/** By name, and who is only away after the others. Whose name isn't known is left out. */
export function useWhoIsHere(): { people: PersonHere[]; count: number } {
  const here = useLive("presence");
  const named = useLive("people");
  return useMemo(() => {
    const names = new Map(named?.map((each) => [each.user_id, each.name]));
    const people = (here ?? []).flatMap((each) => {
      const name = names.get(each.user_id);
      return name === undefined ? [] : { ...each, name };
    });
    people.sort(
      (one, other) =>
        Number(one.state === "away") - Number(other.state === "away") || one.name.localeCompare(other.name),
    );
    return { people, count: here?.length ?? 0 };
  }, [here, named]);
}
