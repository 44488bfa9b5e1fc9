"use client";

import { getMe } from "@dfworx/api";
import { useApi } from "@dfworx/api/react";
import { useQuery } from "@tanstack/react-query";
import { useConvex } from "convex/react";
import { useEffect, useRef } from "react";

import { sendAll } from "./sending";
import { useUnsent } from "./useUnsent";

/** On every page: what was written in any thread goes out, though nobody opens the thread again. */
export function UnsentMessages() {
  const { data: me } = useQuery(getMe(useApi()));
  const client = useConvex();
  const explain = useUnsent();
  const latest = useRef(explain);
  useEffect(() => {
    latest.current = explain;
  });
  useEffect(() => {
    if (me) void sendAll(client, me, (error) => latest.current(error));
  }, [client, me]);
  return null;
}
