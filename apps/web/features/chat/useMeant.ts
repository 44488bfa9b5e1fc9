"use client";

import { live, type MessageId } from "@dfworx/api/live";
import { useConvex } from "convex/react";
import { useEffect, useState } from "react";

const NUMBER = /^-?\d+$/;

/** The number of the message that an address means by its number or its id; null for none, or one that isn't there. */
export function useMeant(message: string | null): number | null {
  const client = useConvex();
  const [found, find] = useState<{ message: string; number: number } | null>(null);
  const isNumber = message !== null && NUMBER.test(message);
  useEffect(() => {
    if (message === null || isNumber) return;
    let isOver = false;
    client.query(live.messages.get, { message_id: message as MessageId }).then(
      ({ number }) => isOver || find({ message, number }),
      // The thread is shown without it.
      () => undefined,
    );
    return () => {
      isOver = true;
    };
  }, [client, message, isNumber]);
  if (isNumber) return Number(message);
  return found?.message === message ? found.number : null;
}
