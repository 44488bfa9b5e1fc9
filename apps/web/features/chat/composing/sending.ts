/** Sends what waits on this device. It goes on while the person looks at something else. */
import { live, type ThreadId } from "@dfworx/api/live";
import type { ConvexReactClient } from "convex/react";

import { refusalOf } from "@/features/live/refusal";

import { inTurn, nameOfTurn, sendQueue, threadsToSend, type Outcome, type Person, type Queued } from "./queue";

type Explain = (error: unknown) => string;

/** Convex's promise is kept over a lost connection; after a reload the key finds what has arrived. */
export async function sendThread(
  client: ConvexReactClient,
  person: Person,
  threadId: ThreadId,
  explain: Explain,
): Promise<void> {
  const send = (item: Queued) => sendItem(client, threadId, item, explain);
  await inTurn(nameOfTurn(person, threadId), () => sendQueue(person, threadId, send));
}

export async function sendAll(client: ConvexReactClient, person: Person, explain: Explain): Promise<void> {
  const threads = threadsToSend(person) as ThreadId[];
  await Promise.all(threads.map((threadId) => sendThread(client, person, threadId, explain)));
}

async function sendItem(
  client: ConvexReactClient,
  thread_id: ThreadId,
  item: Queued,
  explain: Explain,
): Promise<Outcome> {
  const { text, replyTo: reply_to, attachments, key } = item;
  try {
    await client.mutation(live.messages.send, { thread_id, text, reply_to, attachments, key });
    return { kind: "sent" };
  } catch (error) {
    const code = refusalOf(error)?.code;
    // Whoever signs in again sends it then.
    if (code === "signed_out" || code === "session_ended") return { kind: "stopped" };
    return { kind: "refused", problem: explain(error) };
  }
}
