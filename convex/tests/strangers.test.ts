// Every public function, asked by a member of another organization with real ids of this one; and those that lead to a
// post, by a member who may not read it. Neither learns or changes anything. A new function fails here until it is told of.
import { ConvexError } from "convex/values";
import { expect, test } from "vitest";

import { api } from "../_generated/api";
import type { TableNames } from "../_generated/dataModel";
import schema from "../schema";
import { stage, type Player } from "./stage.setup";
import { closedTalk, FILE } from "./talk.setup";

type Victim = Awaited<ReturnType<typeof victim>>;
type Attempt = (caller: Player, of: Victim) => Promise<unknown>;

const bytes = new Uint8Array([0, 0]).buffer;
const page = { numItems: 10, cursor: null };

/** Of what is behind a post. */
const BEHIND_A_POST: Record<string, Attempt> = {
  "threads:forPost": (c, { post_id }) => c.mutation(api.threads.forPost, { post_id }),
  "threads:countForPost": (c, { post_id }) => c.query(api.threads.countForPost, { post_id }),
  "threads:count": (c, { thread_id }) => c.query(api.threads.count, { thread_id }),
  "threads:rename": (c, { thread_id }) => c.mutation(api.threads.rename, { thread_id, name: "Taken" }),
  "threads:archive": (c, { thread_id }) => c.mutation(api.threads.archive, { thread_id, is_archived: true }),
  "messages:list": (c, { thread_id }) => c.query(api.messages.list, { thread_id, paginationOpts: page }),
  "messages:get": (c, { message_id }) => c.query(api.messages.get, { message_id }),
  "messages:around": (c, { thread_id }) => c.query(api.messages.around, { thread_id, number: 1 }),
  "messages:search": (c, { thread_id }) => c.query(api.messages.search, { text: "treasure", thread_id }),
  "messages:send": (c, { thread_id, message_id }) =>
    c.mutation(api.messages.send, { thread_id, text: "@all", reply_to: message_id }),
  "messages:edit": (c, { message_id }) => c.mutation(api.messages.edit, { message_id, text: "Mine" }),
  "messages:remove": (c, { message_id }) => c.mutation(api.messages.remove, { message_id }),
  "reactions:toggle": (c, { message_id }) => c.mutation(api.reactions.toggle, { message_id, emoji: "🌱" }),
  "pins:toggle": (c, { message_id }) => c.mutation(api.pins.toggle, { message_id }),
  "pins:list": (c, { thread_id }) => c.query(api.pins.list, { thread_id }),
  "tags:set": (c, { message_id, tag_id }) => c.mutation(api.tags.set, { message_id, tag_ids: [tag_id] }),
  "drafts:fromThread": (c, { thread_id }) => c.action(api.drafts.fromThread, { thread_id, title: "Mine" }),
  "documents:open": (c, { post_id }) => c.action(api.documents.open, { post_id }),
  "documents:push": (c, { document_id }) => c.mutation(api.documents.push, { document_id, updates: [bytes] }),
  "documents:updates": (c, { document_id }) => c.query(api.documents.updates, { document_id, window: 0 }),
  "documents:save": (c, { document_id }) => c.action(api.documents.save, { document_id }),
  "cursors:point": (c, { document_id }) => c.mutation(api.cursors.point, { document_id, client: 2, state: "{}" }),
  "cursors:list": (c, { document_id }) => c.query(api.cursors.list, { document_id }),
  "typing:set": (c, { thread_id }) => c.mutation(api.typing.set, { thread_id }),
  "typing:list": (c, { thread_id }) => c.query(api.typing.list, { thread_id }),
  "reads:markUnread": (c, { thread_id }) => c.mutation(api.reads.markUnread, { thread_id, number: 1 }),
  "reads:mark": (c, { thread_id }) => c.mutation(api.reads.mark, { thread_id, number: 1 }),
};

/** Of what the whole organization has, or the person alone. */
const OPEN_INSIDE: Record<string, Attempt> = {
  "session:current": (c) => c.query(api.session.current),
  "threads:list": (c) => c.query(api.threads.list),
  "threads:counts": (c) => c.query(api.threads.counts),
  "threads:besidePosts": (c) => c.query(api.threads.besidePosts),
  "threads:create": (c) => c.mutation(api.threads.create, { name: "Garden" }),
  "members:list": (c) => c.query(api.members.list),
  "members:named": async (c, { ann, ben }) => {
    // Without the ids, which the caller had.
    const found = await c.query(api.members.named, { user_ids: [ann.user_id, ben.user_id] });
    return found.map((each) => each.name);
  },
  "notifications:live": (c) => c.query(api.notifications.live),
  "presence:list": (c) => c.query(api.presence.list),
  "presence:heartbeat": (c, { thread_id }) =>
    c.mutation(api.presence.heartbeat, { device_id: "a tab", is_idle: false, place: `thread:${thread_id}` }),
  "presence:leave": (c) => c.mutation(api.presence.leave, { device_id: "a tab" }),
  "reads:mine": (c) => c.query(api.reads.mine),
  "tags:list": (c) => c.query(api.tags.list),
  "tags:create": (c) => c.mutation(api.tags.create, { group: "topic", name: "Secret" }),
  "tags:rename": (c, { tag_id }) => c.mutation(api.tags.rename, { tag_id, name: "Mine" }),
  "tags:remove": (c, { tag_id }) => c.mutation(api.tags.remove, { tag_id }),
};

const ALL = { ...BEHIND_A_POST, ...OPEN_INSIDE };

async function victim() {
  const all = await closedTalk();
  const { organization_id, ann, ben, mo, thread_id, post_id } = all;
  const tag_id = await mo.mutation(api.tags.create, { group: "topic", name: "Secret" });
  const message_id = await ann.mutation(api.messages.send, { thread_id, text: "Hidden treasure" });
  // Put there afterwards: nothing is then on its way to the web service.
  await stage.change(organization_id, "messages", message_id, { attachments: [FILE], has_file: true });
  await ben.mutation(api.pins.toggle, { message_id });
  const document_id = await stage.plant(organization_id, "documents", { post_id, kept_from: 1, problem: null });
  await stage.plant(organization_id, "document_states", {
    document_id,
    updates: 1,
    snapshot: 0,
    bytes: 2,
    version: 1,
    written: 1,
    outside: [],
    attempts: [],
    failures: 0,
    changed_by: ann.user_id,
    due_at: null,
  });
  await stage.plant(organization_id, "document_updates", {
    document_id,
    number: 1,
    update: bytes,
    user_id: ann.user_id,
  });
  const until = Date.now() + 600_000;
  await stage.plant(organization_id, "cursors", {
    document_id,
    user_id: ben.user_id,
    client: 1,
    state: "treasure",
    until,
  });
  return { ...all, tag_id, message_id, document_id };
}

async function rowsOf({ organization_id }: Victim): Promise<unknown> {
  const tables = Object.keys(schema.tables).sort() as TableNames[];
  return await Promise.all(tables.map(async (table) => [table, await stage.rows(organization_id, table)]));
}

/** What a caller gets: an answer, or which refusal. */
async function told(attempt: Promise<unknown>): Promise<string> {
  try {
    return JSON.stringify((await attempt) ?? null);
  } catch (error) {
    if (error instanceof ConvexError) {
      return (error.data as { code: string }).code;
    }
    throw error;
  }
}

function secretsOf(of: Victim): string[] {
  const { organization_id, thread_id, message_id, tag_id, post_id, document_id, ann, ben } = of;
  const ids = [organization_id, thread_id, message_id, tag_id, post_id, document_id, ann.user_id, ben.user_id];
  return [...ids, "treasure", "Birch"];
}

test("each public function is told of here", async () => {
  const found: string[] = [];
  const modules = import.meta.glob<Record<string, unknown>>(["../*.ts", "!../*.*.ts", "!../schema.ts"]);
  for (const [path, load] of Object.entries(modules)) {
    for (const [name, value] of Object.entries(await load())) {
      if ((value as { isPublic?: boolean } | null)?.isPublic === true) {
        found.push(`${path.slice(3, -3)}:${name}`);
      }
    }
  }
  expect(found.sort()).toEqual(Object.keys(ALL).sort());
});

test.each(Object.entries(ALL))("%s gives and does nothing for another organization", async (_name, attempt) => {
  const of = await victim();
  const stranger = await stage.person(stage.organization(), "admin");
  const before = await rowsOf(of);
  const answer = await told(attempt(stranger, of));
  for (const secret of secretsOf(of)) {
    expect(answer).not.toContain(secret);
  }
  expect(await rowsOf(of)).toEqual(before);
});

test.each(Object.entries(BEHIND_A_POST))(
  "%s gives and does nothing for who may not read the post",
  async (_n, attempt) => {
    const of = await victim();
    const before = await rowsOf(of);
    for (const outsider of [of.mo, of.gus]) {
      expect(["not_found", "[]"]).toContain(await told(attempt(outsider, of)));
    }
    expect(await rowsOf(of)).toEqual(before);
  },
);

test.each(Object.entries(ALL))("%s tells nobody who is signed out", async (name, attempt) => {
  const of = await victim();
  const before = await rowsOf(of);
  const answer = await told(attempt(stage.nobody() as Player, of));
  expect(answer).toBe(name === "session:current" ? "null" : "signed_out");
  expect(await rowsOf(of)).toEqual(before);
});
