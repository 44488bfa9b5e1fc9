import { expect, test } from "vitest";

import { api, internal } from "../_generated/api";
import type { TableNames } from "../_generated/dataModel";
import { documentOf, wholeOf } from "../texts";
import { refusal, stage } from "./stage.setup";
import { FILE, talk } from "./talk.setup";

const POLLED = { timeout: 20_000 };
const BESIDE_A_POST = [
  ...["threads", "thread_counts", "messages", "message_tags", "reads", "typing", "outgoing"],
  ...["documents", "document_states", "document_updates", "document_snapshots", "cursors"],
] as TableNames[];

/** A post that people have talked about and written in, and a thread of no post. */
async function busy(post_id: string = crypto.randomUUID()) {
  const all = await talk();
  const { organization_id, ann, ben, mo } = all;
  const garden_id = all.thread_id;
  await ann.mutation(api.messages.send, { thread_id: garden_id, text: "Mind the tulips" });
  await stage.post(ann, { post_id });
  const thread_id = await ann.mutation(api.threads.forPost, { post_id });
  const tag_id = await mo.mutation(api.tags.create, { group: "topic", name: "Beds" });
  const message_id = await ann.mutation(api.messages.send, { thread_id, text: "See, @ben", attachments: [FILE] });
  await ben.mutation(api.tags.set, { message_id, tag_ids: [tag_id] });
  await ben.mutation(api.reads.mark, { thread_id, number: 1 });
  await ben.mutation(api.typing.set, { thread_id });
  const { document_id } = await stage.operator.mutation(internal.saving.make, {
    ...{ organization_id, post_id, version: 1, snapshot: wholeOf(documentOf("One.")) },
  });
  await ann.mutation(api.documents.push, { document_id, updates: [new Uint8Array([0, 0]).buffer] });
  await ann.mutation(api.cursors.point, { document_id, client: 1, state: "{}" });
  return { ...all, post_id, garden_id, thread_id, message_id, document_id };
}

/** As the mirror hears of it from PostgreSQL. */
async function isGone(organization_id: string, post_id: string) {
  await stage.operator.mutation(internal.mirror.posts, { organization_id, event: 2, rows: [], gone: [post_id] });
}

/** By table, but those that a schedule takes away by itself. */
async function rowsBeside(organization_id: string, but: TableNames[] = []) {
  const found: Record<string, number> = {};
  for (const table of BESIDE_A_POST.filter((each) => !but.includes(each))) {
    found[table] = (await stage.rows(organization_id, table)).length;
  }
  return found;
}

test("a post that is deleted takes its thread and its text with it, and nothing else", async () => {
  const mine = await busy();
  const theirs = await busy(mine.post_id);
  const before = await rowsBeside(theirs.organization_id, ["typing", "cursors"]);
  expect(Object.values(await rowsBeside(mine.organization_id))).not.toContain(0);
  await isGone(mine.organization_id, mine.post_id);
  const none = Object.fromEntries(BESIDE_A_POST.map((table) => [table, 0]));
  const left = { ...none, threads: 1, thread_counts: 1, messages: 1, reads: 1 };
  await expect.poll(() => rowsBeside(mine.organization_id), POLLED).toEqual(left);
  expect(await stage.rows(mine.organization_id, "messages")).toMatchObject([{ thread_id: mine.garden_id }]);
  expect(await rowsBeside(theirs.organization_id, ["typing", "cursors"])).toEqual(before);
  const { thread_id } = theirs;
  expect(await theirs.ben.query(api.threads.count, { thread_id })).toMatchObject({ messages: 1 });
});

test("from then on nobody finds what was beside it", async () => {
  const { organization_id, ann, post_id, thread_id, message_id, document_id } = await busy();
  await isGone(organization_id, post_id);
  const calls = [
    ann.mutation(api.threads.forPost, { post_id }),
    ann.query(api.threads.count, { thread_id }),
    ann.query(api.messages.list, { thread_id, paginationOpts: { numItems: 9, cursor: null } }),
    ann.query(api.messages.get, { message_id }),
    ann.mutation(api.messages.send, { thread_id, text: "Late" }),
    ann.mutation(api.reads.mark, { thread_id, number: 1 }),
    ann.mutation(api.typing.set, { thread_id }),
    ann.query(api.documents.updates, { document_id, window: 0 }),
    ann.mutation(api.documents.push, { document_id, updates: [new ArrayBuffer(1)] }),
    ann.mutation(api.cursors.point, { document_id, client: 2, state: "{}" }),
  ];
  expect(new Set(await Promise.all(calls.map(refusal)))).toEqual(new Set(["not_found"]));
  const found = await ann.query(api.messages.search, { text: "from:me" });
  expect(found.map((each) => each.message_id)).not.toContain(message_id);
});

test("a text that was being opened while its post went isn't made any more, until the post is back", async () => {
  const ann = await stage.person(stage.organization());
  const { organization_id } = ann;
  const post_id = crypto.randomUUID();
  await isGone(organization_id, post_id);
  const make = () =>
    stage.operator.mutation(internal.saving.make, { organization_id, post_id, version: 1, snapshot: [] });
  expect(await refusal(make())).toBe("not_found");
  expect(await stage.rows(organization_id, "documents")).toEqual([]);
  await stage.post(ann, { post_id });
  await make();
  expect(await stage.rows(organization_id, "documents")).toHaveLength(1);
});

test("a long thread goes to its end, also when its post went unheard of", async () => {
  const { organization_id, ann, thread_id, post_id, garden_id } = await busy();
  const row = { text: "Hi", reply_to: null, edited_at: null, removed_at: null, attachments: [], has_file: false };
  const rest = { reactions: [], tags: [], pinned_at: null, source_id: null, user_id: ann.user_id, thread_id };
  const planted = Array.from({ length: 220 }, (_, n) =>
    stage.plant(organization_id, "messages", { ...row, ...rest, sent_at: n, number: n + 2 }),
  );
  await Promise.all(planted);
  await stage.operator.mutation(internal.mirror.prune, {
    ...{ organization_id, kind: "post", after: null, until: null, before: 9 },
  });
  const threads = async () => (await stage.rows(organization_id, "messages")).map((each) => each.thread_id);
  await expect.poll(threads, POLLED).toEqual([garden_id]);
  expect((await stage.rows(organization_id, "documents")).map((each) => each.post_id)).not.toContain(post_id);
});

test("of a post that is there nothing goes", async () => {
  const { organization_id, post_id } = await busy();
  const before = await rowsBeside(organization_id, ["typing", "cursors"]);
  await stage.operator.mutation(internal.removing.post, { organization_id, post_id });
  expect(await rowsBeside(organization_id, ["typing", "cursors"])).toEqual(before);
});
