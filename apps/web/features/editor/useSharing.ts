"use client";

import type { Me } from "@dfworx/api";
import { fromReact } from "@dfworx/api/live/document";
import { useApi } from "@dfworx/api/react";
import { useEffect, useState } from "react";

import { connect } from "@/features/live/connection";
import { useConvexUrl } from "@/features/live/Live";
import { useConnection } from "@/features/live/state";

import type { Draft } from "./draft";
import { Sharing } from "./sharing";

/** The text is shared as soon as there is a post to share; null until then. */
export function useSharing(draft: Draft, postId: string | null, me: Me): Sharing | null {
  const api = useApi();
  const url = useConvexUrl();
  const connection = useConnection();
  const [sharing, setSharing] = useState<Sharing | null>(null);
  useEffect(() => {
    if (postId === null) return;
    const opened = new Sharing(fromReact(connect(api, url)), draft, postId, me.user_id);
    setSharing(opened);
    return () => {
      opened.close();
      setSharing(null);
    };
  }, [api, url, draft, postId, me.user_id]);
  useEffect(() => sharing?.connected(connection !== "lost"), [sharing, connection]);
  return sharing;
}
