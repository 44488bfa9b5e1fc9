import { expect, test } from "vitest";

import { api } from "../_generated/api";
import { refusal, stage } from "./stage.setup";
import { closedTalk, FILE, read, talk, texts } from "./talk.setup";

test("what members and guests say is there for all, the newest first and page by page", async () => {
  const { ann, gus, thread_id } = await talk();
  for (const text of ["One", "Two"]) {
    await ann.mutation(api.messages.send, { thread_id, text });
  }
  await gus.mutation(api.messages.send, { thread_id, text: "Three" });
  const first = await ann.query(api.messages.list, { thread_id, paginationOpts: { numItems: 2, cursor: null } });
  expect(first.page.map((each) => [each.text, each.number])).toEqual([
    ["Three", 3],
    ["Two", 2],
  ]);
  const cursor = first.continueCursor;
  const second = await ann.query(api.messages.list, { thread_id, paginationOpts: { numItems: 2, cursor } });
  expect(second.page.map((each) => each.text)).toEqual(["One"]);
  expect(second.isDone).toBe(true);
});

test("a page is never longer than a hundred, whatever is asked for", async () => {
  const { organization_id, ann, thread_id } = await talk();
  await Promise.all(
    Array.from({ length: 101 }, (_, number) =>
      stage.plant(organization_id, "messages", planted(thread_id, ann.user_id, number)),
    ),
  );
  expect(await read(ann, thread_id, 5000)).toHaveLength(100);
});

test("a message has words, and not too many", async () => {
  const { ann, thread_id } = await talk();
  for (const text of ["", " \n ", "x".repeat(40_001), "a\u0000b"]) {
    expect(await refusal(ann.mutation(api.messages.send, { thread_id, text }))).toBe("invalid");
  }
  // As people count them: a tree is one.
  await ann.mutation(api.messages.send, { thread_id, text: "🌳".repeat(40_000) });
});

const KEY = "Zy3-k_8aQ0vLr5TnWx1e";

test("what is sent again under its key is there once, and nobody hears of it twice", async () => {
  const { organization_id, ann, ben, thread_id } = await talk();
  const sent = { thread_id, text: "@ben water?", key: KEY };
  const message_id = await ann.mutation(api.messages.send, sent);
  // Without its attempts: a deployment tries to tell it meanwhile.
  const words = async () =>
    (await stage.rows(organization_id, "outgoing")).map(({ _id, number, payload }) => ({ _id, number, payload }));
  const heard = await words();
  expect(await ann.mutation(api.messages.send, { ...sent, text: "@ben watered?" })).toBe(message_id);
  expect(await words()).toEqual(heard);
  expect(await read(ben, thread_id)).toMatchObject([{ message_id, number: 1, text: "@ben water?", key: KEY }]);
});

test("two windows that send the same at once send it once", async () => {
  const { ann, thread_id } = await talk();
  const sent = { thread_id, text: "Rain", key: KEY };
  const ids = await Promise.all([1, 2, 3].map(() => ann.mutation(api.messages.send, sent)));
  expect(new Set(ids).size).toBe(1);
  expect(await texts(ann, thread_id)).toEqual(["Rain"]);
});

test("a key finds its message also when it was changed, removed, or its thread archived since", async () => {
  const { ann, thread_id } = await talk();
  const sent = { thread_id, text: "Tulpis", key: KEY };
  const message_id = await ann.mutation(api.messages.send, sent);
  await ann.mutation(api.messages.edit, { message_id, text: "Tulips" });
  expect(await ann.mutation(api.messages.send, sent)).toBe(message_id);
  await ann.mutation(api.messages.remove, { message_id });
  expect(await ann.mutation(api.messages.send, sent)).toBe(message_id);
  await ann.mutation(api.threads.archive, { thread_id, is_archived: true });
  expect(await ann.mutation(api.messages.send, sent)).toBe(message_id);
  expect(await read(ann, thread_id)).toHaveLength(1);
});

test("a key is its person's, its thread's and its organization's own", async () => {
  const { ann, ben, thread_id } = await talk();
  const elsewhere = await ann.mutation(api.threads.create, { name: "Kitchen" });
  const other = await talk();
  const sent = { thread_id, text: "Mine", key: KEY };
  const ids = [
    await ann.mutation(api.messages.send, sent),
    await ben.mutation(api.messages.send, sent),
    await ann.mutation(api.messages.send, { ...sent, thread_id: elsewhere }),
    await other.ann.mutation(api.messages.send, { ...sent, thread_id: other.thread_id }),
  ];
  expect(new Set(ids).size).toBe(4);
  expect(await refusal(other.ann.mutation(api.messages.send, sent))).toBe("not_found");
  for (const key of ["", "short", "x".repeat(65), "with spaces in between", `${KEY}/..`]) {
    expect(await refusal(ann.mutation(api.messages.send, { ...sent, key }))).toBe("invalid");
  }
});

test("without a key, the same words are said twice", async () => {
  const { ann, thread_id } = await talk();
  await ann.mutation(api.messages.send, { thread_id, text: "Yes" });
  await ann.mutation(api.messages.send, { thread_id, text: "Yes" });
  expect((await read(ann, thread_id)).map((each) => each.key)).toEqual([null, null]);
});

test("an answer stands in the thread of what it answers", async () => {
  const { ann, ben, thread_id } = await talk();
  const reply_to = await ann.mutation(api.messages.send, { thread_id, text: "Who waters?" });
  await ben.mutation(api.messages.send, { thread_id, text: "I do", reply_to });
  expect((await read(ann, thread_id))[0]).toMatchObject({ reply_to, user_id: ben.user_id });
  const elsewhere = await ann.mutation(api.threads.create, { name: "Kitchen" });
  const astray = ben.mutation(api.messages.send, { thread_id: elsewhere, text: "I do", reply_to });
  expect(await refusal(astray)).toBe("invalid");
  await ann.mutation(api.messages.remove, { message_id: reply_to });
  expect(await refusal(ben.mutation(api.messages.send, { thread_id, text: "I do", reply_to }))).toBe("not_found");
});

test("files are as the files service gives them, and at most twenty", async () => {
  const { ann, thread_id } = await talk();
  const many = Array.from({ length: 21 }, (_, n) => ({ ...FILE, file_id: `${FILE.file_id.slice(0, -2)}${n + 10}` }));
  const bad = [
    [FILE, FILE],
    many,
    [{ ...FILE, file_id: "../x" }],
    [{ ...FILE, name: " " }],
    [{ ...FILE, size_bytes: -1 }],
  ];
  for (const attachments of bad) {
    expect(await refusal(ann.mutation(api.messages.send, { thread_id, text: "See", attachments }))).toBe("invalid");
  }
  await ann.mutation(api.messages.send, { thread_id, text: "See", attachments: many.slice(1) });
  expect((await read(ann, thread_id))[0]!.attachments).toEqual(many.slice(1));
});

test("a file needs no words beside it", async () => {
  const { ann, thread_id } = await talk();
  await ann.mutation(api.messages.send, { thread_id, text: " ", attachments: [FILE] });
  expect(await read(ann, thread_id)).toMatchObject([{ text: "", attachments: [FILE] }]);
});

test("only who wrote a message changes it, and it says so", async () => {
  const { ann, ben, mo, thread_id } = await talk();
  const message_id = await ann.mutation(api.messages.send, { thread_id, text: "Tulpis" });
  for (const other of [ben, mo]) {
    expect(await refusal(other.mutation(api.messages.edit, { message_id, text: "Weeds" }))).toBe("not_allowed");
  }
  expect(await refusal(ann.mutation(api.messages.edit, { message_id, text: " " }))).toBe("invalid");
  await ann.mutation(api.messages.edit, { message_id, text: "Tulips" });
  expect(await ben.query(api.messages.get, { message_id })).toMatchObject({
    text: "Tulips",
    edited_at: expect.any(Number),
  });
});

test("a message that was removed leaves its place and nothing that was on it", async () => {
  const { organization_id, ann, ben, mo, thread_id } = await talk();
  const tag_id = await mo.mutation(api.tags.create, { group: "topic", name: "Beds" });
  const message_id = await ann.mutation(api.messages.send, { thread_id, text: "Oops", attachments: [FILE] });
  await ben.mutation(api.reactions.toggle, { message_id, emoji: "🌳" });
  await ben.mutation(api.pins.toggle, { message_id });
  await ben.mutation(api.tags.set, { message_id, tag_ids: [tag_id] });
  expect(await refusal(ben.mutation(api.messages.remove, { message_id }))).toBe("not_allowed");
  await mo.mutation(api.messages.remove, { message_id });
  await ann.mutation(api.messages.remove, { message_id });
  const [left] = await read(ben, thread_id);
  expect(left).toMatchObject({ message_id, number: 1, text: "", attachments: [], reactions: [], tags: [] });
  expect(left).toMatchObject({ removed_at: expect.any(Number), pinned_at: null, user_id: ann.user_id });
  expect(await stage.rows(organization_id, "message_tags")).toEqual([]);
  const changes = [
    ann.mutation(api.messages.edit, { message_id, text: "Back" }),
    ben.mutation(api.reactions.toggle, { message_id, emoji: "🌳" }),
    ben.mutation(api.pins.toggle, { message_id }),
    ben.mutation(api.tags.set, { message_id, tag_ids: [] }),
  ];
  expect(new Set(await Promise.all(changes.map(refusal)))).toEqual(new Set(["not_found"]));
});

test("a jump shows what is before and after a message", async () => {
  const { organization_id, ann, thread_id } = await talk();
  for (let number = 1; number <= 60; number += 1) {
    await stage.plant(organization_id, "messages", planted(thread_id, ann.user_id, number));
  }
  const around = async (number: number) =>
    (await ann.query(api.messages.around, { thread_id, number })).map((each) => each.number);
  expect(await around(30)).toEqual(Array.from({ length: 51 }, (_, n) => 55 - n));
  expect(await around(60)).toEqual(Array.from({ length: 26 }, (_, n) => 60 - n));
  expect(await refusal(ann.query(api.messages.around, { thread_id, number: 61 }))).toBe("not_found");
});

test("a jump goes on through messages that were said in one moment", async () => {
  const { organization_id, ann, thread_id } = await talk();
  for (let number = 1; number <= 90; number += 1) {
    const sent_at = number <= 10 || number > 80 ? number : 10;
    await stage.plant(organization_id, "messages", { ...planted(thread_id, ann.user_id, number), sent_at });
  }
  const around = async (number: number) =>
    (await ann.query(api.messages.around, { thread_id, number })).map((each) => each.number);
  expect(await around(45)).toEqual(Array.from({ length: 51 }, (_, n) => 70 - n));
  expect(await around(12)).toEqual(Array.from({ length: 37 }, (_, n) => 37 - n));
  expect(await around(79)).toEqual(Array.from({ length: 37 }, (_, n) => 90 - n));
});

test("the web service hears of what may concern somebody, and of nothing else", async () => {
  const { organization_id, ann, ben, thread_id } = await talk();
  const plain = await ann.mutation(api.messages.send, { thread_id, text: "Nothing much" });
  expect(await stage.rows(organization_id, "outgoing")).toEqual([]);
  const sent = {
    mention: await ben.mutation(api.messages.send, { thread_id, text: "Hello @ann" }),
    answer: await ben.mutation(api.messages.send, { thread_id, text: "Indeed", reply_to: plain }),
    file: await ben.mutation(api.messages.send, { thread_id, text: "See", attachments: [FILE] }),
  };
  await ann.mutation(api.messages.edit, { message_id: plain, text: "Ask [Ben](mention:x)" });
  const told = Object.fromEntries(
    (await stage.rows(organization_id, "outgoing")).map((each) => [each.entity_id, each]),
  );
  const message = { thread_id, post_id: null, answers: null, file_ids: [] };
  expect(told[sent.mention]).toMatchObject({ user_id: ben.user_id, kind: "message" });
  expect(told[sent.mention]!.payload).toEqual({ ...message, message_id: sent.mention, text: "Hello @ann" });
  expect(told[sent.answer]!.payload).toMatchObject({ answers: ann.user_id });
  expect(told[sent.file]!.payload).toMatchObject({ file_ids: [FILE.file_id] });
  expect(told[plain]!.payload).toMatchObject({ text: "Ask [Ben](mention:x)" });
});

test("what was taken back is no longer waiting to be told", async () => {
  const { organization_id, ann, ben, mo, thread_id } = await talk();
  const other = await talk();
  const secret = { text: "The key is under the mat, @ben", attachments: [FILE] };
  const removed = await ann.mutation(api.messages.send, { thread_id, ...secret });
  const edited = await ann.mutation(api.messages.send, { thread_id, text: "Psst, @ben" });
  await other.ann.mutation(api.messages.send, { thread_id: other.thread_id, ...secret });
  await mo.mutation(api.messages.remove, { message_id: removed });
  expect(await stage.rows(organization_id, "outgoing")).toMatchObject([{ entity_id: edited }]);
  await ann.mutation(api.messages.edit, { message_id: edited, text: "Nothing" });
  expect(await stage.rows(organization_id, "outgoing")).toEqual([]);
  // Of what concerns nobody any more somebody may hear again.
  await ann.mutation(api.messages.edit, { message_id: edited, text: "Well, @ben" });
  expect(await stage.rows(organization_id, "outgoing")).toMatchObject([{ payload: { text: "Well, @ben" } }]);
  expect(await stage.rows(other.organization_id, "outgoing")).toHaveLength(1);
  expect(await texts(ben, thread_id)).toEqual(["Well, @ben", ""]);
});

test("of a closed post the web service hears which it is", async () => {
  const { organization_id, ann, ben, thread_id, post_id } = await closedTalk();
  await ben.mutation(api.messages.send, { thread_id, text: "@ann?" });
  const [told] = await stage.rows(organization_id, "outgoing");
  expect(told!.payload).toMatchObject({ post_id });
  expect(await texts(ann, thread_id)).toEqual(["@ann?"]);
});

function planted(thread_id: Awaited<ReturnType<typeof talk>>["thread_id"], user_id: string, number: number) {
  return {
    thread_id,
    user_id,
    text: `Message ${number}`,
    sent_at: 1_700_000_000_000 + number * 1000,
    number,
    reply_to: null,
    edited_at: null,
    removed_at: null,
    attachments: [],
    has_file: false,
    reactions: [],
    tags: [],
    pinned_at: null,
    source_id: null,
  };
}
