import { expect, test } from "vitest";

import { api } from "../_generated/api";
import { refusal, stage } from "./stage.setup";
import { closedTalk, talk } from "./talk.setup";

test("a named thread is everybody's to find, and the thread of a post isn't among them", async () => {
  const { ann, gus, thread_id } = await talk();
  await ann.mutation(api.threads.forPost, { post_id: await stage.post(ann) });
  expect(await gus.query(api.threads.list)).toEqual([
    { thread_id, kind: "named", name: "Garden", created_by: ann.user_id, archived_at: null },
  ]);
});

test("an organization has one thread of its own, which stands first and is nobody's to change", async () => {
  const { organization_id, gus, mo } = await talk();
  const thread_id = await stage.organizationThread(organization_id);
  expect(await stage.organizationThread(organization_id)).toBe(thread_id);
  expect((await gus.query(api.threads.list)).map((each) => each.kind)).toEqual(["organization", "named"]);
  await gus.mutation(api.messages.send, { thread_id, text: "Good morning" });
  expect(await refusal(mo.mutation(api.threads.archive, { thread_id, is_archived: true }))).toBe("not_allowed");
});

test("the thread of a post is made once, whoever opens it", async () => {
  const { ann, ben } = await talk();
  const post_id = await stage.post(ann);
  const opened = await Promise.all([ann, ben, ann].map((each) => each.mutation(api.threads.forPost, { post_id })));
  expect(new Set(opened).size).toBe(1);
});

test("what was said beside a post is counted, and nothing is made for it", async () => {
  const ann = await stage.person(stage.organization());
  const post_id = await stage.post(ann);
  expect(await ann.query(api.threads.countForPost, { post_id })).toBeNull();
  expect(await stage.rows(ann.organization_id, "threads")).toEqual([]);
  const thread_id = await ann.mutation(api.threads.forPost, { post_id });
  await ann.mutation(api.messages.send, { thread_id, text: "Why here?" });
  expect(await ann.query(api.threads.countForPost, { post_id })).toMatchObject({ thread_id, messages: 1 });
});

test("a thread's name is refused when it is bad or taken", async () => {
  const { ann, thread_id } = await talk();
  for (const name of ["", "   ", "x".repeat(81), "a\u0000b"]) {
    expect(await refusal(ann.mutation(api.threads.create, { name }))).toBe("invalid");
  }
  expect(await refusal(ann.mutation(api.threads.create, { name: "  Garden " }))).toBe("conflict");
  await ann.mutation(api.threads.rename, { thread_id, name: "Garden" });
});

test("who made a thread renames it and moderators do, other members don't", async () => {
  const { ann, ben, mo, thread_id } = await talk();
  expect(await refusal(ben.mutation(api.threads.rename, { thread_id, name: "Mine" }))).toBe("not_allowed");
  await ann.mutation(api.threads.rename, { thread_id, name: "Orchard" });
  await mo.mutation(api.threads.rename, { thread_id, name: "Meadow" });
  expect((await ben.query(api.threads.list)).map((each) => each.name)).toEqual(["Meadow"]);
});

test("an archived thread takes no messages until it is opened again", async () => {
  const { ann, ben, mo, thread_id } = await talk();
  expect(await refusal(ben.mutation(api.threads.archive, { thread_id, is_archived: true }))).toBe("not_allowed");
  await ann.mutation(api.threads.archive, { thread_id, is_archived: true });
  expect(await refusal(ben.mutation(api.messages.send, { thread_id, text: "Late" }))).toBe("conflict");
  await mo.mutation(api.threads.archive, { thread_id, is_archived: false });
  await ben.mutation(api.messages.send, { thread_id, text: "In time" });
});

test("the thread of a post has neither a name nor an end", async () => {
  const { ann, thread_id } = await closedTalk();
  expect(await refusal(ann.mutation(api.threads.rename, { thread_id, name: "Post" }))).toBe("not_allowed");
  expect(await refusal(ann.mutation(api.threads.archive, { thread_id, is_archived: true }))).toBe("not_allowed");
});

test("messages are counted, also those that were removed", async () => {
  const { ann, ben, thread_id } = await talk();
  expect(await ben.query(api.threads.counts)).toEqual([{ thread_id, messages: 0, imported: 0, last_at: null }]);
  const message_id = await ann.mutation(api.messages.send, { thread_id, text: "One" });
  await ann.mutation(api.messages.send, { thread_id, text: "Two" });
  await ann.mutation(api.messages.remove, { message_id });
  const counted = await ben.query(api.threads.count, { thread_id });
  expect(counted).toEqual({ thread_id, messages: 2, imported: 0, last_at: expect.any(Number) });
  expect(await ben.query(api.threads.counts)).toEqual([counted]);
});

test("threads beside posts are listed for who has been in them, as long as they may read the post", async () => {
  const { ann, ben, mo, thread_id, post_id } = await closedTalk();
  const open = await ann.mutation(api.threads.forPost, { post_id: await stage.post(ann) });
  await ann.mutation(api.messages.send, { thread_id: open, text: "Everybody may come" });
  await ben.mutation(api.messages.send, { thread_id, text: "Just us" });
  await ann.mutation(api.reads.mark, { thread_id, number: 1 });
  const listed = async (person: typeof ann) =>
    (await person.query(api.threads.besidePosts)).map((each) => [each.thread_id, each.kind, each.messages]);
  expect(new Set(await listed(ann))).toEqual(
    new Set([
      [thread_id, "post", 1],
      [open, "post", 1],
    ]),
  );
  expect(await listed(ben)).toEqual([[thread_id, "post", 1]]);
  expect(await listed(mo)).toEqual([]);
  const rows = await stage.rows(ann.organization_id, "posts");
  const closed = rows.find((each) => each.post_id === post_id)!;
  expect(await ben.query(api.threads.besidePosts)).toMatchObject([{ name: closed.title, slug: closed.slug }]);
  await stage.change(ann.organization_id, "posts", closed._id, { readers: [] });
  expect(await listed(ben)).toEqual([]);
});
