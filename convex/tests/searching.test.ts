import { expect, test } from "vitest";

import { api } from "../_generated/api";
import type { Id } from "../_generated/dataModel";
import { parse } from "../searching";
import { refusal, stage, type Player } from "./stage.setup";
import { closedTalk, FILE, talk } from "./talk.setup";

const DAY = 86_400_000;
const START = Date.parse("2026-03-10");

/** One a day from START on, in the order of the texts. */
async function say(person: Player, thread_id: Id<"threads">, ...messages: [string, object?][]) {
  for (const [day, [text, more]] of messages.entries()) {
    await stage.plant(person.organization_id, "messages", {
      thread_id,
      user_id: person.user_id,
      text,
      sent_at: START + day * DAY,
      number: day + 1,
      reply_to: null,
      edited_at: null,
      removed_at: null,
      attachments: [],
      has_file: false,
      reactions: [],
      tags: [],
      pinned_at: null,
      source_id: null,
      ...more,
    });
  }
}

async function search(person: Player, text: string, thread_id?: Id<"threads">): Promise<string[]> {
  const found = await person.query(api.messages.search, thread_id === undefined ? { text } : { text, thread_id });
  return found.map((each) => each.text);
}

test("words are found wherever they were said, and in one thread when asked", async () => {
  const { ann, ben, thread_id } = await talk();
  const kitchen = await ann.mutation(api.threads.create, { name: "Kitchen" });
  await say(ann, thread_id, ["Tomatoes like sun"], ["Leeks don't mind"]);
  await say(ben, kitchen, ["Tomatoes with basil"]);
  expect((await search(ann, "tomatoes")).sort()).toEqual(["Tomatoes like sun", "Tomatoes with basil"]);
  expect(await search(ann, "tomatoes", kitchen)).toEqual(["Tomatoes with basil"]);
  expect(await search(ann, "potatoes")).toEqual([]);
});

test("without words the newest come first, from a person, a thread, with a file or of some days", async () => {
  const { ann, ben, thread_id } = await talk();
  await say(ann, thread_id, ["A10"], ["A11", { attachments: [FILE], has_file: true }], ["A12"]);
  await say(ben, thread_id, ["B10"], ["B11"], ["B12", { attachments: [FILE], has_file: true }]);
  expect(await search(ben, "from:ann")).toEqual(["A12", "A11", "A10"]);
  expect(await search(ben, 'from:"ann ash" has:file')).toEqual(["A11"]);
  expect(await search(ben, "from:me")).toEqual(["B12", "B11", "B10"]);
  expect(await search(ann, "from:me")).toEqual(["A12", "A11", "A10"]);
  expect(await search(ann, `from:${ben.user_id} before:2026-03-11`)).toEqual(["B10"]);
  expect(await search(ann, "has:file")).toEqual(["B12", "A11"]);
  expect(await search(ann, "from:ann from:ben after:2026-03-12")).toHaveLength(2);
  expect((await search(ann, "after:2026-03-11 before:2026-03-12")).sort()).toEqual(["A11", "B11"]);
  expect(await search(ann, "from:nobody")).toEqual([]);
  expect(await search(ann, "from:ben", thread_id)).toEqual(["B12", "B11", "B10"]);
  expect(await search(ann, " ")).toEqual([]);
  expect(await search(ann, "", thread_id)).toHaveLength(6);
});

test("words, a person, a file and days are asked together", async () => {
  const { ann, ben, thread_id } = await talk();
  const file = { attachments: [FILE], has_file: true };
  await say(ann, thread_id, ["plan one"], ["plan two", file], ["plan three", file]);
  await say(ben, thread_id, ["plan four", file]);
  expect(await search(ben, "plan from:ann has:file before:2026-03-12")).toEqual(["plan two"]);
});

test("messages are found by tag, whatever its group and case", async () => {
  const { ann, mo, thread_id } = await talk();
  const tag_id = await mo.mutation(api.tags.create, { group: "decision", name: "Spring plan" });
  const message_id = await ann.mutation(api.messages.send, { thread_id, text: "Peas first" });
  await ann.mutation(api.messages.send, { thread_id, text: "Peas last" });
  await ann.mutation(api.tags.set, { message_id, tag_ids: [tag_id] });
  expect(await search(ann, 'tag:"spring plan"')).toEqual(["Peas first"]);
  expect(await search(ann, 'peas tag:"Spring plan"')).toEqual(["Peas first"]);
  expect(await search(ann, "tag:autumn")).toEqual([]);
});

test("what a person may not read isn't found by them, in no way", async () => {
  const { ann, ben, mo, gus, thread_id } = await closedTalk();
  const tag_id = await mo.mutation(api.tags.create, { group: "topic", name: "Secret" });
  const file = { attachments: [FILE], has_file: true };
  await say(ann, thread_id, ["Hidden treasure", { ...file, tags: [tag_id] }]);
  const [row] = await stage.rows(ann.organization_id, "messages");
  await stage.plant(ann.organization_id, "message_tags", { tag_id, message_id: row!._id, sent_at: row!.sent_at });
  for (const text of ["treasure", "from:ann", "tag:secret", "has:file", "after:2026-01-01"]) {
    expect(await search(ben, text), text).toEqual(["Hidden treasure"]);
    for (const other of [mo, gus]) {
      expect(await search(other, text), text).toEqual([]);
    }
  }
});

test("at most fifty are given, and what was removed is gone", async () => {
  const { ann, thread_id } = await talk();
  await say(ann, thread_id, ...Array.from({ length: 55 }, (_, n): [string] => [`seed ${n}`]));
  expect(await search(ann, "seed")).toHaveLength(50);
  const found = await search(ann, "from:ann");
  expect([found.length, found[0]]).toEqual([50, "seed 54"]);
  const newest = (await ann.query(api.messages.search, { text: "from:ann" }))[0]!;
  await ann.mutation(api.messages.remove, { message_id: newest.message_id });
  expect((await search(ann, "from:ann"))[0]).toBe("seed 53");
});

test("a search that makes no sense is refused with a reason", async () => {
  const { ann } = await talk();
  const many = Array.from({ length: 11 }, () => "from:a").join(" ");
  for (const text of ["after:yesterday", "before:2026-13-01", "has:luck", "x".repeat(501), many]) {
    expect(await refusal(search(ann, text)), text).toBe("invalid");
  }
});

test.each([
  ["two words", { words: "two words" }],
  ['"two words" http://a.example', { words: "two words http://a.example" }],
  ['from:"Ann Ash" tag:Spring rest', { from: ["ann ash"], tags: ["spring"], words: "rest" }],
  ["has:file after:2026-03-10 after:2026-01-01", { has_file: true, after: START }],
  ["before:2026-03-10T12:00:00Z", { before: START + DAY / 2 }],
  ["from: tag:", { words: "from: tag:" }],
])("%s is read as it is meant", (text, meant) => {
  const nothing = { words: "", from: [], tags: [], after: -Infinity, before: Infinity, has_file: false };
  expect(parse(text)).toEqual({ ...nothing, ...meant });
});
