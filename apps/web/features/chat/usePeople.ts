"use client";

import { live } from "@dfworx/api/live";
import { useQueries } from "convex/react";
import { useMemo } from "react";

import type { People } from "./message";

const NOBODY: People = new Map();
const ASKED = { members: { query: live.members.list, args: {} } };

/** Everybody of the organization, and who has left. Empty until they are here. */
export function usePeople(): People {
  const { members } = useQueries(ASKED) as { members: unknown };
  return useMemo(
    () => (Array.isArray(members) ? new Map((members as Members).map((each) => [each.user_id, each])) : NOBODY),
    [members],
  );
}

type Members = (typeof live.members.list)["_returnType"];
