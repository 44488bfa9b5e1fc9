"use client";

import { ApiProblem, createComment, newIdempotencyKey, type Me, type Post } from "@dfworx/api";
import { useApi } from "@dfworx/api/react";
import { useCallback, useEffect, useRef, useState } from "react";

import { addOutgoing, dropOutgoing, readOutgoing, type Outgoing } from "./drafts";
import { useCachedComments } from "./useComments";

export interface Sending extends Outgoing {
  state: "sending" | "waiting" | "failed";
  error?: unknown;
}

/** Keys are remembered by the service for a day; what is older might be written twice. */
const HOURS_KEPT = 23;

/** Comments on their way. They show at once, are kept on the device until the server has them, wait for a connection,
 * and are written once however often they are sent. */
export function useOutgoing(post: Post, me: Me) {
  const api = useApi();
  const cached = useCachedComments(post.post_id);
  const [items, setItems] = useState<Sending[]>(() =>
    readOutgoing(me, post.post_id).map((each) => ({ ...each, state: isFresh(each) ? "sending" : "failed" })),
  );
  const write = async (item: Outgoing) => {
    const { key, parentId, content } = item;
    const become = (sending: Sending) =>
      setItems((now) => [...now.filter((each) => each.key !== key), sending].sort(byTime));
    become({ ...item, state: "sending" });
    const done = () => {
      dropOutgoing(me, post.post_id, key);
      setItems((now) => now.filter((each) => each.key !== key));
    };
    try {
      const written = await createComment(api, { postId: post.post_id, parentId, content, key });
      cached.append(written);
      done();
      void cached.recount();
    } catch (error) {
      if (error instanceof ApiProblem && error.code === "idempotency_answer_lost") {
        // It was written before; only the answer is gone.
        await cached.refresh();
        return done();
      }
      become({ ...item, state: navigator.onLine ? "failed" : "waiting", error });
    }
  };
  const latest = useRef({ items, write });
  useEffect(() => {
    latest.current = { items, write };
  });
  useEffect(() => {
    // What a reload has interrupted goes on.
    for (const each of latest.current.items) if (each.state === "sending") void latest.current.write(each);
    const online = () => {
      for (const each of latest.current.items) if (each.state === "waiting") void latest.current.write(each);
    };
    window.addEventListener("online", online);
    return () => window.removeEventListener("online", online);
  }, [me.user_id, post.post_id]);

  const send = (content: string, parentId: string | null) => {
    const key = newIdempotencyKey();
    const item: Outgoing = { key, parentId, content, writtenAt: new Date().toISOString() };
    addOutgoing(me, post.post_id, item);
    void write(item);
  };
  const again = (item: Sending) => void write(item);
  const discard = useCallback(
    (item: Sending) => {
      dropOutgoing(me, post.post_id, item.key);
      setItems((now) => now.filter((each) => each.key !== item.key));
    },
    [me, post.post_id],
  );
  return { items, send, again, discard };
}

function isFresh(item: Outgoing): boolean {
  return Date.now() - Date.parse(item.writtenAt) < HOURS_KEPT * 3_600_000;
}

function byTime(one: Outgoing, other: Outgoing): number {
  return Date.parse(one.writtenAt) - Date.parse(other.writtenAt);
}
