// A thread with people of one organization around it.
import type { Id } from "../_generated/dataModel";
import { api } from "../_generated/api";
import { stage, type Player } from "./stage.setup";

export type Talk = {
  organization_id: string;
  ann: Player;
  ben: Player;
  /** A moderator. */
  mo: Player;
  gus: Player;
  thread_id: Id<"threads">;
};

export async function talk(): Promise<Talk> {
  const organization_id = stage.organization();
  const ann = await stage.person(organization_id, "member", "Ann Ash");
  const ben = await stage.person(organization_id, "member", "Ben Birch");
  const mo = await stage.person(organization_id, "moderator", "Mo Maple");
  const gus = await stage.person(organization_id, "guest", "Gus Gorse");
  const thread_id = await ann.mutation(api.threads.create, { name: "Garden" });
  return { organization_id, ann, ben, mo, gus, thread_id };
}

/** The thread of a post that Ann shares with Ben and nobody else. */
export async function closedTalk(): Promise<Talk & { post_id: string }> {
  const all = await talk();
  const post_id = await stage.post(all.ann, { visibility: "people", readers: [all.ben.user_id] });
  const thread_id = await all.ann.mutation(api.threads.forPost, { post_id });
  return { ...all, thread_id, post_id };
}

/** The first page, the newest first. */
export async function read(person: Player, thread_id: Id<"threads">, numItems = 50) {
  const opts = { thread_id, paginationOpts: { numItems, cursor: null } };
  return (await person.query(api.messages.list, opts)).page;
}

export async function texts(person: Player, thread_id: Id<"threads">): Promise<string[]> {
  return (await read(person, thread_id)).map((each) => each.text);
}

export const FILE = {
  file_id: "0198b5c2-0000-7000-8000-000000000001",
  name: "plan.pdf",
  media_type: "application/pdf",
  size_bytes: 1200,
};
