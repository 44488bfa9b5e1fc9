"use client";

import { getMe } from "@dfworx/api";
import { live } from "@dfworx/api/live";
import { useApi } from "@dfworx/api/react";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";

import { useWatched } from "./useWatched";

/** A session that was ended elsewhere ends here at once: who is signed in is asked again, and what refuses that answer
 * leads to the sign-in page. */
export function SessionEnd() {
  const hasEnded = useWatched(live.session.current, {}) === null;
  const queries = useQueryClient();
  const api = useApi();
  useEffect(() => {
    if (hasEnded) void queries.refetchQueries({ queryKey: getMe(api).queryKey });
  }, [hasEnded, queries, api]);
  return null;
}
