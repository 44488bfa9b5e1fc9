"use client";

import type { Me } from "@dfworx/api";
import { useApi } from "@dfworx/api/react";
import { useEffect, useState } from "react";

import { useConvexUrl } from "@/features/live/Live";
import { useConnection, useOnline } from "@/features/live/state";

import type { Draft } from "./draft";
import type { Sharing } from "./sharing";

/** The text is shared as soon as there is a post to share; null until then. Whoever writes doesn't wait for the code. */
export function useSharing(draft: Draft, postId: string | null, me: Me): Sharing | null {
  const api = useApi();
  const url = useConvexUrl();
  const connection = useConnection();
  const isOnline = useOnline();
  const [sharing, setSharing] = useState<Sharing | null>(null);
  useEffect(() => {
    if (postId === null) return;
    let opened: Sharing | null = null;
    let isOver = false;
    const open = async () => {
      const { openSharing } = await import("./openSharing");
      if (isOver) return;
      opened = openSharing(api, url, draft, postId, me.user_id);
      setSharing(opened);
    };
    // Without the code, as without a connection.
    open().catch(() => draft.stayAlone());
    return () => {
      isOver = true;
      opened?.close();
      setSharing(null);
    };
  }, [api, url, draft, postId, me.user_id]);
  useEffect(() => {
    sharing?.connected(connection !== "lost" && isOnline);
  }, [sharing, connection, isOnline]);
  return sharing;
}
