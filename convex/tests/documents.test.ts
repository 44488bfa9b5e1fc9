import { expect, test } from "vitest";
import * as Y from "yjs";

import { api, internal } from "../_generated/api";
import type { Id } from "../_generated/dataModel";
import { documentOf, merge, textOf, wholeOf } from "../texts";
import { refusal, stage, type Player } from "./stage.setup";

const bytes = (update: Uint8Array) => update.slice().buffer;

/** A document of a published post with that text; its author, and a member who may only read. */
async function opened(text = "One.\nTwo.\n") {
  const ann = await stage.person(stage.organization(), "member");
  const ben = await stage.person(ann.organization_id, "member", "Ben Bay");
  const post_id = await stage.post(ann);
  const { organization_id } = ann;
  const { document_id } = await stage.operator.mutation(internal.saving.make, {
    ...{ organization_id, post_id, version: 1, snapshot: wholeOf(documentOf(text)) },
  });
  return { ann, ben, organization_id, post_id, document_id };
}

/** What an edit of `text` is as an update. */
function typed(doc: Y.Doc, text: string): ArrayBuffer {
  const before = Y.encodeStateVector(doc);
  doc.getText("content").insert(doc.getText("content").length, text);
  return bytes(Y.encodeStateAsUpdate(doc, before));
}

async function read(person: Player, post_id: string): Promise<string> {
  const { snapshot, updates } = await person.action(api.documents.open, { post_id });
  return textOf(merge([...(snapshot ? [snapshot] : []), ...updates]));
}

async function postRow(organization_id: string, post_id: string) {
  return (await stage.rows(organization_id, "posts")).find((each) => each.post_id === post_id)!;
}

async function state(organization_id: string, document_id: Id<"documents">) {
  return (await stage.rows(organization_id, "document_states")).find((each) => each.document_id === document_id)!;
}

test("a document holds the post's text, and what is pushed is numbered and read by all", async () => {
  const { ann, ben, post_id, document_id } = await opened();
  const doc = documentOf("One.\nTwo.\n");
  expect(await ann.mutation(api.documents.push, { document_id, updates: [typed(doc, "Three.")] })).toBe(1);
  expect(await ann.mutation(api.documents.push, { document_id, updates: [typed(doc, "!"), typed(doc, "?")] })).toBe(3);
  expect(await read(ben, post_id)).toBe("One.\nTwo.\nThree.!?");
  const window = await ben.query(api.documents.updates, { document_id, window: 0 });
  expect([window.first, window.updates.length, window.problem]).toEqual([1, 3, null]);
  expect((await ben.query(api.documents.updates, { document_id, window: 1 })).updates).toEqual([]);
});

test("a document is made once, whoever comes first", async () => {
  const { organization_id, post_id, document_id } = await opened();
  const again = { organization_id, post_id, version: 4, snapshot: wholeOf(documentOf("other")) };
  const made = await stage.operator.mutation(internal.saving.make, again);
  expect(made).toEqual({ document_id, version: 1 });
  expect(wholeOf(documentOf("same"))).toEqual(wholeOf(documentOf("same")));
});

test("pushes at the same time are numbered without a gap", async () => {
  const { ann, document_id } = await opened();
  const pushes = Array.from({ length: 12 }, (_, n) =>
    ann.mutation(api.documents.push, { document_id, updates: [typed(new Y.Doc(), String(n))] }),
  );
  const numbers = (await Promise.all(pushes)).toSorted((one, other) => one - other);
  expect(numbers).toEqual(Array.from({ length: 12 }, (_, n) => n + 1));
});

test("who may only read has no newer version of the post looked for", async () => {
  const { ben, organization_id, post_id, document_id } = await opened();
  const answer = await ben.action(api.documents.open, { post_id, version: 9 });
  expect([answer.version, answer.may_change]).toEqual([1, false]);
  expect((await state(organization_id, document_id)).failures).toBe(0);
});

test("who may only read a post can't change its document", async () => {
  const { ben, document_id } = await opened();
  const push = ben.mutation(api.documents.push, { document_id, updates: [typed(new Y.Doc(), "mine")] });
  expect(await refusal(push)).toBe("not_allowed");
  expect(await refusal(ben.action(api.documents.save, { document_id }))).toBe("not_allowed");
});

test("a moderator may change what the organization was shown", async () => {
  const { ann, document_id } = await opened();
  const mod = await stage.person(ann.organization_id, "moderator");
  expect(await mod.mutation(api.documents.push, { document_id, updates: [typed(new Y.Doc(), "x")] })).toBe(1);
});

test.for([
  ["trashed", { status: "trashed", trashed_from: "published" }],
  ["made private", { visibility: "author" }],
  ["given to others", { visibility: "people", readers: ["somebody"] }],
] as const)("a post that is %s refuses its readers at once", async ([, changes]) => {
  const { ben, organization_id, post_id, document_id } = await opened();
  await ben.mutation(api.cursors.point, { document_id, client: 1, state: "{}" });
  await stage.change(organization_id, "posts", (await postRow(organization_id, post_id))._id, changes as never);
  const push = ben.mutation(api.documents.push, { document_id, updates: [typed(new Y.Doc(), "x")] });
  const point = ben.mutation(api.cursors.point, { document_id, client: 1, state: "{}" });
  const calls = [
    push,
    point,
    ben.query(api.documents.updates, { document_id, window: 0 }),
    ben.query(api.cursors.list, { document_id }),
    ben.action(api.documents.open, { post_id }),
    ben.action(api.documents.save, { document_id }),
  ];
  expect(new Set(await Promise.all(calls.map(refusal)))).toEqual(new Set(["not_found"]));
});

test("what lies in the trash isn't edited by its author either", async () => {
  const { ann, organization_id, post_id, document_id } = await opened();
  const row = await postRow(organization_id, post_id);
  await stage.change(organization_id, "posts", row._id, { status: "trashed", trashed_from: "published" });
  const push = ann.mutation(api.documents.push, { document_id, updates: [typed(new Y.Doc(), "x")] });
  expect(await refusal(push)).toBe("not_found");
});

test("updates that are too many or too large are refused", async () => {
  const { ann, document_id } = await opened();
  const push = (updates: ArrayBuffer[]) => refusal(ann.mutation(api.documents.push, { document_id, updates }));
  expect(await push([])).toBe("invalid");
  expect(await push([new ArrayBuffer(900_001)])).toBe("invalid");
  expect(await push(Array.from({ length: 101 }, () => new ArrayBuffer(1)))).toBe("invalid");
  expect(await push(Array.from({ length: 5 }, () => new ArrayBuffer(900_000)))).toBe("invalid");
});

test("an update that can't be read harms nobody", async () => {
  const { ann, ben, post_id, document_id } = await opened();
  const doc = documentOf("One.\nTwo.\n");
  const junk = bytes(new Uint8Array([1, 2, 3, 255, 254]));
  await ann.mutation(api.documents.push, { document_id, updates: [typed(doc, "a"), junk, typed(doc, "b")] });
  expect(await read(ben, post_id)).toBe("One.\nTwo.\nab");
});

test("what waits to be saved has its limit", async () => {
  const { ann, document_id } = await opened();
  const heavy = [
    new ArrayBuffer(900_000),
    new ArrayBuffer(900_000),
    new ArrayBuffer(900_000),
    new ArrayBuffer(900_000),
  ];
  await ann.mutation(api.documents.push, { document_id, updates: heavy });
  await ann.mutation(api.documents.push, { document_id, updates: heavy });
  expect(await refusal(ann.mutation(api.documents.push, { document_id, updates: heavy }))).toBe("unavailable");
  const window = await ann.query(api.documents.updates, { document_id, window: 0 });
  expect(window.updates.length).toBeLessThan(8);
});

test("a change is due within seconds, and those after it don't put it off", async () => {
  const { ann, organization_id, document_id } = await opened();
  expect((await state(organization_id, document_id)).due_at).toBeNull();
  const began = Date.now();
  await ann.mutation(api.documents.push, { document_id, updates: [typed(new Y.Doc(), "a")] });
  const due = (await state(organization_id, document_id)).due_at!;
  expect(due - began).toBeGreaterThanOrEqual(2_900);
  expect(due - Date.now()).toBeLessThanOrEqual(3_000);
  await ann.mutation(api.documents.push, { document_id, updates: [typed(new Y.Doc(), "b")] });
  expect((await state(organization_id, document_id)).due_at).toBe(due);
  expect((await state(organization_id, document_id)).changed_by).toBe(ann.user_id);
});

test("what was written is recorded once, and late news change nothing", async () => {
  const { ann, organization_id, document_id } = await opened();
  const doc = documentOf("One.\nTwo.\n");
  await ann.mutation(api.documents.push, { document_id, updates: [typed(doc, "a"), typed(doc, "b")] });
  const place = { organization_id, document_id };
  expect(await stage.operator.mutation(internal.saving.attempt, { ...place, version: 1, number: 1 })).toBe(true);
  expect(await stage.operator.mutation(internal.saving.attempt, { ...place, version: 1, number: 2 })).toBe(true);
  await stage.operator.mutation(internal.saving.record, { ...place, version: 2, number: 2 });
  await stage.operator.mutation(internal.saving.record, { ...place, version: 1, number: 1 });
  expect(await state(organization_id, document_id)).toMatchObject({
    ...{ version: 2, written: 2, attempts: [], due_at: null, failures: 0 },
  });
  expect(await stage.operator.mutation(internal.saving.attempt, { ...place, version: 1, number: 2 })).toBe(false);
});

test("a text that can't be saved says so when that was tried three times, and no more when it is saved", async () => {
  const { ann, organization_id, document_id } = await opened();
  await ann.mutation(api.documents.push, { document_id, updates: [typed(documentOf("One.\nTwo.\n"), "Three.")] });
  const place = { organization_id, document_id };
  const problem = async () => (await ann.query(api.documents.updates, { document_id, window: 0 })).problem;
  const problems: (string | null)[] = [];
  for (let tried = 1; tried <= 3; tried++) {
    // Nothing is told where the web service is: it can't be reached.
    const run = { ...place, looks_outside: false, due_at: null };
    expect(await stage.operator.action(internal.merging.save, run)).toBe(false);
    problems.push(await problem());
  }
  expect(problems[0]).toBeNull();
  expect(problems[2]).toContain("kept here");
  await stage.operator.mutation(internal.saving.record, { ...place, version: 2, number: 1 });
  expect(await problem()).toBeNull();
});

test("an edit from outside is added once, on what it was made of", async () => {
  const { ann, organization_id, document_id } = await opened();
  const doc = documentOf("One.\nTwo.\n");
  await ann.mutation(api.documents.push, { document_id, updates: [typed(doc, "a")] });
  const edit = { organization_id, document_id, known: 1, version: 2, base: 0, updates: [typed(new Y.Doc(), "out")] };
  expect(await stage.operator.mutation(internal.saving.addOutside, edit)).toBe(true);
  expect(await stage.operator.mutation(internal.saving.addOutside, edit)).toBe(false);
  expect(await state(organization_id, document_id)).toMatchObject({ version: 2, written: 0, outside: [2], updates: 2 });
});

test("a snapshot takes the place of updates, and who is far behind is told to open again", async () => {
  const { ann, ben, organization_id, post_id, document_id } = await opened();
  const doc = documentOf("One.\nTwo.\n");
  const letters = Array.from({ length: 100 }, (_, n) => typed(doc, String(n % 10)));
  await ann.mutation(api.documents.push, { document_id, updates: letters });
  const place = { organization_id, document_id };
  const snapshot = wholeOf(doc);
  const compact = { ...place, number: 100, snapshot, bytes: (await state(organization_id, document_id)).bytes };
  await stage.operator.mutation(internal.saving.compact, compact);
  expect((await state(organization_id, document_id)).snapshot).toBe(0);
  await stage.operator.mutation(internal.saving.record, { ...place, version: 2, number: 100 });
  await stage.operator.mutation(internal.saving.compact, compact);
  expect(await state(organization_id, document_id)).toMatchObject({ snapshot: 100, bytes: 0 });
  const open = await ben.action(api.documents.open, { post_id });
  expect([open.snapshot_number, open.updates.length, open.may_change]).toEqual([100, 0, false]);
  expect(await read(ben, post_id)).toBe(textOf(doc));
  expect(await ben.query(api.documents.updates, { document_id, window: 0 })).toMatchObject({ first: 37, updates: [] });
  expect((await ben.query(api.documents.updates, { document_id, window: 2 })).updates.length).toBe(32);
});

test("another organization's document can't be reached by its ids", async () => {
  const { ann, organization_id, post_id, document_id } = await opened();
  await ann.mutation(api.documents.push, { document_id, updates: [typed(new Y.Doc(), "x")] });
  const eve = await stage.person(stage.organization(), "admin");
  const calls = [
    eve.mutation(api.documents.push, { document_id, updates: [typed(new Y.Doc(), "x")] }),
    eve.query(api.documents.updates, { document_id, window: 0 }),
    eve.action(api.documents.save, { document_id }),
    eve.mutation(api.cursors.point, { document_id, client: 1, state: "{}" }),
    eve.query(api.cursors.list, { document_id }),
  ];
  expect(new Set(await Promise.all(calls.map(refusal)))).toEqual(new Set(["not_found"]));
  const place = { organization_id: eve.organization_id, document_id };
  await expect(stage.operator.query(internal.loading.begin, place)).rejects.toThrow();
  await expect(stage.operator.mutation(internal.saving.record, { ...place, version: 9, number: 1 })).rejects.toThrow();
  await stage.operator.mutation(internal.removing.post, { organization_id: eve.organization_id, post_id });
  expect(await state(organization_id, document_id)).toMatchObject({ updates: 1, version: 1 });
});
