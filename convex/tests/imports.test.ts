// What the import sends, and what people have of it.
import { expect, test } from "vitest";

import { api, internal } from "../_generated/api";
import type { Id } from "../_generated/dataModel";
import { stage, type Player } from "./stage.setup";
import { read, talk, type Talk } from "./talk.setup";

const { operator } = stage;
const YEAR = 2004;

/** As written years ago, one a day. */
function history(author: Player, texts: string[]) {
  return texts.map((text, place) => ({
    ...{ source_id: `m${String(place)}`, user_id: author.user_id, text, reply_to: null },
    sent_at: Date.UTC(YEAR, 0, place + 1),
  }));
}

async function run({ organization_id, thread_id }: Talk, messages: ReturnType<typeof history>) {
  return await operator.mutation(internal.imports.takeMessages, { organization_id, thread_id, messages });
}

/** As clients count it. */
async function unread(person: Player, thread_id: Id<"threads">): Promise<number> {
  const { messages } = await person.query(api.threads.count, { thread_id });
  const mark = (await person.query(api.reads.mine)).find((each) => each.thread_id === thread_id);
  return messages - (mark?.number ?? 0);
}

test("what was written elsewhere is there, and new to nobody", async () => {
  const garden = await talk();
  const { ann, ben, gus, thread_id } = garden;
  expect(await run(garden, history(gus, ["One", "Two", "Three"]))).toEqual(["created", "created", "created"]);
  expect((await read(ben, thread_id)).map((each) => [each.text, each.number])).toEqual([
    ["Three", -3],
    ["Two", -2],
    ["One", -1],
  ]);
  expect(await unread(ben, thread_id)).toBe(0);
  await ann.mutation(api.messages.send, { thread_id, text: "Shall we go on here?" });
  expect([await unread(ben, thread_id), await unread(ann, thread_id)]).toEqual([1, 0]);
  const counted = await ben.query(api.threads.count, { thread_id });
  expect(counted).toMatchObject({ messages: 1, imported: 3 });
  expect((await ben.query(api.threads.counts)).find((each) => each.thread_id === thread_id)).toEqual(counted);
});

test("what people haven't read stays unread when older messages come, and read when they read it", async () => {
  const garden = await talk();
  const { ann, ben, gus, thread_id } = garden;
  for (const text of ["Now", "And now"]) {
    await ann.mutation(api.messages.send, { thread_id, text });
  }
  await ben.mutation(api.reads.mark, { thread_id, number: 1 });
  await run(garden, history(gus, ["Then", "And then"]));
  expect([await unread(ben, thread_id), await unread(gus, thread_id)]).toEqual([1, 2]);
  // Whoever reads what is old marks nothing by it.
  await ben.mutation(api.reads.mark, { thread_id, number: -2 });
  expect(await unread(ben, thread_id)).toBe(1);
  await ben.mutation(api.reads.mark, { thread_id, number: 2 });
  expect(await unread(ben, thread_id)).toBe(0);
  const around = await ben.query(api.messages.around, { thread_id, number: -1 });
  expect(around.map((each) => each.text)).toEqual(["And now", "Now", "And then", "Then"]);
});

test("each further import goes on counting where the last one ended", async () => {
  const garden = await talk();
  const texts = ["One", "Two", "Three", "Four"];
  await run(garden, history(garden.ann, texts.slice(0, 2)));
  await run(garden, history(garden.ann, texts.slice(0, 2)));
  await run(garden, history(garden.ann, texts));
  const numbers = (await read(garden.ben, garden.thread_id)).map((each) => each.number);
  expect(numbers).toEqual([-4, -3, -2, -1]);
  expect(await garden.ben.query(api.threads.count, { thread_id: garden.thread_id })).toMatchObject({
    ...{ messages: 0, imported: 4, last_at: Date.UTC(YEAR, 0, 4) },
  });
});

test("what was changed or removed here stays so when the import is run again", async () => {
  const garden = await talk();
  const { ann, ben, mo, thread_id } = garden;
  await run(garden, history(ann, ["Tulpis", "Weeds", "Beans"]));
  const [beans, weeds, tulips] = await read(ben, thread_id);
  await ann.mutation(api.messages.edit, { message_id: tulips!.message_id, text: "Tulips" });
  await mo.mutation(api.messages.remove, { message_id: weeds!.message_id });
  const before = await read(ben, thread_id);
  expect(await run(garden, history(ann, ["Tulpis", "Weeds", "Beans"]))).toEqual(Array(3).fill("unchanged"));
  expect(await read(ben, thread_id)).toEqual(before);
  expect(await run(garden, history(ann, ["Tulip", "Weed", "Bean"]))).toEqual(["unchanged", "unchanged", "updated"]);
  expect((await read(ben, thread_id)).map((each) => each.text)).toEqual(["Bean", "", "Tulips"]);
  expect((await read(ben, thread_id))[0]).toMatchObject({ message_id: beans!.message_id, edited_at: null });
});

test("nothing is imported into another organization's thread", async () => {
  const [garden, theirs] = [await talk(), await talk()];
  const astray = { ...garden, thread_id: theirs.thread_id };
  await expect(run(astray, history(garden.ann, ["One"]))).rejects.toThrow();
  expect(await stage.rows(theirs.organization_id, "messages")).toEqual([]);
  expect(await theirs.ben.query(api.threads.count, { thread_id: theirs.thread_id })).toMatchObject({ imported: 0 });
});
