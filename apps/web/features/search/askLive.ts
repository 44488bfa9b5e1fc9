/** The code behind messages.ts that talks to the deployment: nothing loads it before something is searched. */
import { ApiProblem, type Api } from "@dfworx/api";
import { live, type LiveMember, type Message, type Thread, type ThreadId } from "@dfworx/api/live";

import { connect } from "@/features/live/connection";

const LATE_MS = 10_000;

export interface Found {
  messages: Message[];
  /** Who wrote them. */
  people: LiveMember[];
}

export async function findMessages(api: Api, url: string, text: string, threadId?: ThreadId): Promise<Found> {
  const client = connect(api, url);
  const args = { text, ...(threadId && { thread_id: threadId }) };
  const messages = await inTime(client.query(live.messages.search, args));
  // At most 50, and so are their authors.
  const user_ids = [...new Set(messages.map((each) => each.user_id))];
  const people = user_ids.length > 0 ? await inTime(client.query(live.members.named, { user_ids })) : [];
  return { messages, people };
}

export function readThreads(api: Api, url: string): Promise<Thread[]> {
  return inTime(connect(api, url).query(live.threads.list, {}));
}

/** Without a connection a question waits for one, and whoever asked would too. */
async function inTime<T>(answer: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_done, fail) => {
    timer = setTimeout(() => fail(new ApiProblem(0, "late", "The deployment did not answer.")), LATE_MS);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}
