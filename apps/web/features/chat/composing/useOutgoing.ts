"use client";

import type { Me } from "@dfworx/api";
import type { Message, MessageId, ThreadId } from "@dfworx/api/live";
import { useConvex } from "convex/react";
import { useEffect, useRef, useState } from "react";

import { useConnection } from "@/features/live/state";

import { dropFromQueue, momentAfter, newKey, putInQueue, readQueue, watchQueues } from "./queue";
import { sendAll, sendThread } from "./sending";
import { useUnsent } from "./useUnsent";

export interface OutgoingItem {
  /** Of its own making: the deployment takes each once. Message.key is the same when it has arrived. */
  key: string;
  text: string;
  replyTo: MessageId | null;
  attachments: Message["attachments"];
  writtenAt: number;
  state: "sending" | "waiting" | "failed";
  /** A sentence; only when failed. */
  problem: string | null;
}

export interface Outgoing {
  items: OutgoingItem[];
  send: (text: string, replyTo: MessageId | null, attachments: Message["attachments"]) => void;
  again: (item: OutgoingItem) => void;
  discard: (item: OutgoingItem) => void;
}

/** Messages on their way. They show at once, are on the device until the deployment has them, wait for a connection, go
 * out in the order in which they were written, and arrive once however often they are sent. */
export function useOutgoing(threadId: ThreadId, me: Me): Outgoing {
  const client = useConvex();
  const explain = useUnsent();
  const connection = useConnection();
  const [queue, setQueue] = useState(() => readQueue(me, threadId));
  const latest = useRef(explain);
  useEffect(() => {
    latest.current = explain;
  });
  const deliver = () => void sendThread(client, me, threadId, (error) => latest.current(error));
  useEffect(() => {
    const look = () => setQueue(readQueue(me, threadId));
    look();
    return watchQueues(look);
  }, [me, threadId]);
  // What a reload has interrupted goes on, here and in threads that aren't looked at.
  useEffect(() => {
    void sendAll(client, me, (error) => latest.current(error));
  }, [client, me, threadId]);

  return {
    items: queue.map((item) => ({
      ...item,
      state: item.problem !== null ? "failed" : connection === "open" ? "sending" : "waiting",
    })),
    send(text, replyTo, attachments) {
      const writtenAt = momentAfter(readQueue(me, threadId), Date.now());
      putInQueue(me, threadId, { key: newKey(), text, replyTo, attachments, writtenAt, problem: null });
      deliver();
    },
    again({ state: _state, ...item }) {
      putInQueue(me, threadId, { ...item, problem: null });
      deliver();
    },
    discard: (item) => dropFromQueue(me, threadId, item.key),
  };
}
