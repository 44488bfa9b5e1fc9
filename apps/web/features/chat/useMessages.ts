"use client";

import type { ThreadId } from "@dfworx/api/live";
import { useConvex } from "convex/react";
import { useState, useSyncExternalStore } from "react";

import { MessageWindow, type Shown } from "./messageWindow";

/** The messages of one thread; the caller has its id as its key. */
export function useMessages(threadId: ThreadId): [Shown, MessageWindow] {
  const client = useConvex();
  const [window] = useState(() => new MessageWindow(client, threadId));
  return [useSyncExternalStore(window.subscribe, window.get, window.get), window];
}
