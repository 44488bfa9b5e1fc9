// What is put on messages: reactions, pins and tags; and the marks of who has read them.
import { expect, test, vi } from "vitest";

import { api } from "../_generated/api";
import { refusal, stage } from "./stage.setup";
import { read, talk } from "./talk.setup";

async function said() {
  const all = await talk();
  const message_id = await all.ann.mutation(api.messages.send, { thread_id: all.thread_id, text: "Sow now" });
  return { ...all, message_id };
}

test("a reaction names everybody who gave it and goes with the last of them", async () => {
  const { ann, ben, gus, message_id } = await said();
  const toggle = { message_id, emoji: "🌱" };
  expect(await gus.mutation(api.reactions.toggle, toggle)).toBe(true);
  await ben.mutation(api.reactions.toggle, toggle);
  const reactions = async () => (await ann.query(api.messages.get, { message_id })).reactions;
  expect(await reactions()).toEqual([{ emoji: "🌱", user_ids: [gus.user_id, ben.user_id] }]);
  expect(await gus.mutation(api.reactions.toggle, toggle)).toBe(false);
  await ben.mutation(api.reactions.toggle, toggle);
  expect(await reactions()).toEqual([]);
});

test("a reaction is an emoji", async () => {
  const { ann, message_id } = await said();
  for (const emoji of ["", "yes", "1", "🌱 ", "<b>", "🌱".repeat(20), "\u200d"]) {
    expect(await refusal(ann.mutation(api.reactions.toggle, { message_id, emoji })), emoji).toBe("invalid");
  }
  for (const emoji of ["👩🏽‍🌾", "🇨🇭", "1️⃣", "❤️", "🏴󠁧󠁢󠁥󠁮󠁧󠁿"]) {
    expect(await ann.mutation(api.reactions.toggle, { message_id, emoji }), emoji).toBe(true);
  }
});

test("a message has at most twenty different reactions, which others may join", async () => {
  const { ann, ben, message_id } = await said();
  for (let n = 0; n < 20; n += 1) {
    await ann.mutation(api.reactions.toggle, { message_id, emoji: String.fromCodePoint(0x1f400 + n) });
  }
  const one_more = ben.mutation(api.reactions.toggle, { message_id, emoji: "🌱" });
  expect(await refusal(one_more)).toBe("conflict");
  expect(await ben.mutation(api.reactions.toggle, { message_id, emoji: "\u{1f400}" })).toBe(true);
});

test("people who react at once all count", async () => {
  const { ann, ben, mo, gus, message_id } = await said();
  const all = [ann, ben, mo, gus];
  await Promise.all(all.map((each) => each.mutation(api.reactions.toggle, { message_id, emoji: "🌱" })));
  const [reaction] = (await ann.query(api.messages.get, { message_id })).reactions;
  expect(new Set(reaction!.user_ids)).toEqual(new Set(all.map((each) => each.user_id)));
});

test("what is pinned is kept in the thread, the last pinned first", async () => {
  const { ann, gus, thread_id, message_id } = await said();
  const later = await ann.mutation(api.messages.send, { thread_id, text: "Water daily" });
  expect(await gus.mutation(api.pins.toggle, { message_id: later })).toBe(true);
  const before = Date.now();
  await vi.waitUntil(() => Date.now() > before);
  await gus.mutation(api.pins.toggle, { message_id });
  const pinned = async () => (await ann.query(api.pins.list, { thread_id })).map((each) => each.message_id);
  expect(await pinned()).toEqual([message_id, later]);
  expect(await ann.mutation(api.pins.toggle, { message_id })).toBe(false);
  expect(await pinned()).toEqual([later]);
});

test("tags are made, renamed and removed by moderators alone", async () => {
  const { ben, mo } = await said();
  const tag = { group: "topic", name: "Seeds" } as const;
  expect(await refusal(ben.mutation(api.tags.create, tag))).toBe("not_allowed");
  const tag_id = await mo.mutation(api.tags.create, tag);
  expect(await refusal(ben.mutation(api.tags.rename, { tag_id, name: "Weeds" }))).toBe("not_allowed");
  expect(await refusal(ben.mutation(api.tags.remove, { tag_id }))).toBe("not_allowed");
  await mo.mutation(api.tags.rename, { tag_id, name: "Bulbs" });
  expect(await ben.query(api.tags.list)).toEqual([{ tag_id, group: "topic", name: "Bulbs" }]);
});

test("a tag's name is alone in its group", async () => {
  const { mo } = await said();
  await mo.mutation(api.tags.create, { group: "topic", name: "Seeds" });
  expect(await refusal(mo.mutation(api.tags.create, { group: "topic", name: " Seeds" }))).toBe("conflict");
  await mo.mutation(api.tags.create, { group: "status", name: "Seeds" });
  expect(await refusal(mo.mutation(api.tags.create, { group: "topic", name: "" }))).toBe("invalid");
});

test("a message has the tags that were set last, and loses one that is removed", async () => {
  const { organization_id, gus, mo, message_id } = await said();
  const seeds = await mo.mutation(api.tags.create, { group: "topic", name: "Seeds" });
  const urgent = await mo.mutation(api.tags.create, { group: "priority", name: "Urgent" });
  await gus.mutation(api.tags.set, { message_id, tag_ids: [seeds] });
  await gus.mutation(api.tags.set, { message_id, tag_ids: [urgent, seeds, urgent] });
  const tags = async () => (await gus.query(api.messages.get, { message_id })).tags;
  expect(await tags()).toEqual([urgent, seeds]);
  await mo.mutation(api.tags.remove, { tag_id: urgent });
  await vi.waitFor(async () => expect(await tags()).toEqual([seeds]), { timeout: 20_000 });
  expect(await stage.rows(organization_id, "message_tags")).toHaveLength(1);
  expect(await refusal(gus.mutation(api.tags.set, { message_id, tag_ids: [urgent] }))).toBe("not_found");
});

test("a mark goes forward only, and never past the newest", async () => {
  const { ann, ben, thread_id } = await said();
  for (const text of ["Two", "Three"]) {
    await ann.mutation(api.messages.send, { thread_id, text });
  }
  const mark = async (number: number) => {
    await ben.mutation(api.reads.mark, { thread_id, number });
    return await ben.query(api.reads.mine);
  };
  expect(await mark(2)).toEqual([{ thread_id, number: 2 }]);
  expect(await mark(1)).toEqual([{ thread_id, number: 2 }]);
  expect(await mark(99)).toEqual([{ thread_id, number: 3 }]);
  expect(await mark(-1)).toEqual([{ thread_id, number: 3 }]);
  for (const number of [1.5, NaN, Infinity]) {
    expect(await refusal(mark(number))).toBe("invalid");
  }
});

test("who sends has read up to there, and nobody else has", async () => {
  const { ann, ben, thread_id } = await said();
  await ben.mutation(api.messages.send, { thread_id, text: "Two" });
  expect(await ben.query(api.reads.mine)).toEqual([{ thread_id, number: 2 }]);
  expect(await ann.query(api.reads.mine)).toEqual([{ thread_id, number: 1 }]);
  expect(await read(ann, thread_id)).toHaveLength(2);
});

test("what was read can be unread again, from a message on, by oneself alone", async () => {
  const { ann, ben, thread_id } = await talk();
  for (const text of ["One", "Two", "Three"]) {
    await ann.mutation(api.messages.send, { thread_id, text });
  }
  const marks = async (person: typeof ann) => await person.query(api.reads.mine);
  // Where one has never been, all is unread.
  await ben.mutation(api.reads.markUnread, { thread_id, number: 2 });
  expect(await marks(ben)).toEqual([]);
  await ben.mutation(api.reads.mark, { thread_id, number: 3 });
  await ben.mutation(api.reads.markUnread, { thread_id, number: 2 });
  expect(await marks(ben)).toEqual([{ thread_id, number: 1 }]);
  await ben.mutation(api.reads.markUnread, { thread_id, number: 3 });
  expect(await marks(ben)).toEqual([{ thread_id, number: 1 }]);
  expect(await marks(ann)).toEqual([{ thread_id, number: 3 }]);
  for (const number of [0, -1, 1.5]) {
    expect(await refusal(ben.mutation(api.reads.markUnread, { thread_id, number }))).toBe("invalid");
  }
});
