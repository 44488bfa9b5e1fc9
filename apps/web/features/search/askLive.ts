/** The code behind messages.ts that talks to the deployment: nothing loads it before something is searched. */
import { ApiProblem, type Api } from "@dfworx/api";
import { live, type LiveMember, type Message, type Thread, type ThreadId } from "@dfworx/api/live";

import { connect } from "@/features/live/connection";

const LATE_MS = 10_000;

export interface Names {
  people: LiveMember[];
  threads: Thread[];
}

export function findMessages(api: Api, url: string, text: string, threadId?: ThreadId): Promise<Message[]> {
  const args = { text, ...(threadId && { thread_id: threadId }) };
  return inTime(connect(api, url).query(live.messages.search, args));
}

export async function readNames(api: Api, url: string): Promise<Names> {
  const client = connect(api, url);
  const [people, threads] = await inTime(
    Promise.all([client.query(live.members.list, {}), client.query(live.threads.list, {})]),
  );
  return { people, threads };
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
