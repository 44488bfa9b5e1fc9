// What is known of a document's text and of its post's: which updates the post has, which may be on their way to it, and
// when the rest is due. merging.ts does the work and tells here how it went; nothing it tells twice or late does harm.
import type { GenericMutationCtx } from "convex/server";
import { v } from "convex/values";

import { internal } from "./_generated/api";
import type { DataModel, Doc, Id } from "./_generated/dataModel";
import { organizationMutation, sweepMutation } from "./access";
import type { OrganizationReader, OrganizationWriter } from "./database";
import { hasGone } from "./mirror";
import { notFound } from "./refusal";
import { nullable } from "./shapes";

const SAVED_AFTER_MS = 3_000;
/** People hear that the post can't be reached when that isn't over in a moment. */
const FAILURES_UNTOLD = 2;
const NOT_NOW = "The text can't be saved to its post at present. It is kept here, and that is tried again.";
const TRIED_AGAIN_MS = 60_000;
/** Who was to save it is gone, with the process it ran in. */
const FORGOTTEN_MS = 10_000;
const SWEPT = 100;
const ATTEMPTS = 50;
/** Behind the snapshot, so that who is a moment late needn't open the document again. */
const KEPT_UPDATES = 64;
const KEPT_BYTES = 1_000_000;
const REMOVED_ROWS = 500;

const document_id = v.id("documents");

type Saving = {
  db: OrganizationWriter;
  scheduler: GenericMutationCtx<DataModel>["scheduler"];
  organization_id: string;
};

export async function requireState(
  db: OrganizationReader,
  document_id: Id<"documents">,
): Promise<Doc<"document_states">> {
  const state = await db.range("document_states", "by_document", (q) => q.eq("document_id", document_id)).unique();
  if (state === null) {
    throw notFound("document");
  }
  return state;
}

/** When a text that has just changed is due. */
export async function saveSoon(ctx: Saving, state: Doc<"document_states">): Promise<number> {
  return state.due_at ?? (await saveAfter(ctx, state.document_id, SAVED_AFTER_MS));
}

/** At once, whenever it is due. */
export async function startSaving(ctx: Saving, document_id: Id<"documents">, looks_outside: boolean): Promise<void> {
  const { organization_id } = ctx;
  await ctx.scheduler.runAfter(0, internal.merging.save, { organization_id, document_id, looks_outside, due_at: null });
}

/** The document of a post, made of its text unless somebody was faster. */
export const make = organizationMutation({
  args: { post_id: v.string(), version: v.number(), snapshot: v.array(v.bytes()) },
  returns: v.object({ document_id, version: v.number() }),
  handler: async ({ db }, { post_id, version, snapshot }) => {
    const found = await db.range("documents", "by_post", (q) => q.eq("post_id", post_id)).unique();
    if (found !== null) {
      return { document_id: found._id, version: (await requireState(db, found._id)).version };
    }
    if (await hasGone(db, "post", post_id)) {
      throw notFound("post");
    }
    const document_id = await db.insert("documents", { post_id, kept_from: 1, problem: null });
    const none = { updates: 0, snapshot: 0, bytes: 0, written: 0, outside: [], attempts: [], failures: 0 };
    await db.insert("document_states", { document_id, ...none, version, changed_by: null, due_at: null });
    await keepSnapshot(db, document_id, snapshot);
    return { document_id, version };
  },
});

/** Before the text up to `number` is sent to the post, which may have it though nobody hears of that. */
export const attempt = organizationMutation({
  args: { document_id, version: v.number(), number: v.number() },
  returns: v.boolean(),
  handler: async ({ db }, { document_id, version, number }) => {
    const state = await requireState(db, document_id);
    if (state.version !== version) {
      return false;
    }
    const attempts = [...state.attempts.filter((each) => each !== number), number].slice(-ATTEMPTS);
    await db.patch("document_states", state, { attempts });
    return true;
  },
});

/** The post has the text up to `number`, as its `version`. */
export const record = organizationMutation({
  args: { document_id, version: v.number(), number: v.number() },
  returns: v.null(),
  handler: async (ctx, { document_id, version, number }) => {
    const { db } = ctx;
    const state = await requireState(db, document_id);
    if (version < state.version || number < state.written) {
      return null;
    }
    await db.patch("document_states", state, {
      version,
      written: number,
      outside: state.outside.filter((each) => each > number),
      attempts: state.attempts.filter((each) => each > number),
      failures: 0,
      due_at: state.updates > number ? await saveAfter(ctx, document_id, SAVED_AFTER_MS) : null,
    });
    await tellProblem(db, document_id, null);
    return null;
  },
});

/** An edit that was made outside of the text up to `base`, as updates; false when the post is known better by now. */
export const addOutside = organizationMutation({
  args: { document_id, known: v.number(), version: v.number(), base: v.number(), updates: v.array(v.bytes()) },
  returns: v.boolean(),
  handler: async (ctx, { document_id, known, version, base, updates }) => {
    const { db } = ctx;
    const state = await requireState(db, document_id);
    if (state.version !== known) {
      return false;
    }
    let { updates: number, bytes } = state;
    const outside = state.outside.filter((each) => each > base);
    for (const update of updates) {
      await db.insert("document_updates", { document_id, number: ++number, update, user_id: null });
      outside.push(number);
      bytes += update.byteLength;
    }
    const due_at = await saveSoon(ctx, state);
    // What was on its way comes too late for this version.
    await db.patch("document_states", state, {
      ...{ updates: number, bytes, version, written: base, outside, attempts: [], due_at },
    });
    return true;
  },
});

/** It couldn't be saved: for now, or, with a `problem`, until it is changed. */
export const fail = organizationMutation({
  args: { document_id, problem: nullable(v.string()) },
  returns: v.null(),
  handler: async (ctx, { document_id, problem }) => {
    const { db } = ctx;
    const state = await requireState(db, document_id);
    if (problem !== null) {
      await db.patch("document_states", state, { failures: 0, due_at: null });
      await tellProblem(db, document_id, problem);
      return null;
    }
    const wait = Math.min(TRIED_AGAIN_MS, SAVED_AFTER_MS * 2 ** state.failures);
    const failures = Math.min(state.failures + 1, 10);
    await db.patch("document_states", state, { failures, due_at: await saveAfter(ctx, document_id, wait) });
    if (failures > FAILURES_UNTOLD) {
      await tellProblem(db, document_id, NOT_NOW);
    }
    return null;
  },
});

/** A snapshot of the updates up to `number`, which the post has. */
export const compact = organizationMutation({
  args: { document_id, number: v.number(), snapshot: v.array(v.bytes()), bytes: v.number() },
  returns: v.null(),
  handler: async (ctx, { document_id, number, snapshot, bytes }) => {
    const { db } = ctx;
    const [document, state] = [await db.get("documents", document_id), await requireState(db, document_id)];
    if (document === null || number <= state.snapshot || number > state.written) {
      return null;
    }
    await keepSnapshot(db, document_id, snapshot);
    await db.patch("document_states", state, { snapshot: number, bytes: state.bytes - bytes });
    const kept_from = bytes > KEPT_BYTES ? number + 1 : Math.max(document.kept_from, number + 1 - KEPT_UPDATES);
    await db.patch("documents", document_id, { kept_from });
    await trimUpdates(ctx, document_id, kept_from);
    return null;
  },
});

export const trim = organizationMutation({
  args: { document_id, kept_from: v.number() },
  returns: v.null(),
  handler: async (ctx, { document_id, kept_from }) => {
    await trimUpdates(ctx, document_id, kept_from);
    return null;
  },
});

/** For the schedule: texts whose saving was forgotten, since the deployment ended meanwhile. */
export const sweep = sweepMutation({
  args: {},
  returns: v.null(),
  handler: async (ctx) => {
    const now = Date.now();
    const forgotten = await ctx.db
      .query("document_states")
      .withIndex("by_due", (q) => q.gt("due_at", 0).lt("due_at", now - FORGOTTEN_MS))
      .take(SWEPT);
    for (const { _id, organization_id, document_id } of forgotten) {
      await ctx.db.patch("document_states", _id, { due_at: now });
      await saveAfter({ ...ctx, organization_id }, document_id, 0, now);
    }
    return null;
  },
});

/** With all that is of it. */
export async function removeDocument(ctx: Saving, document_id: Id<"documents">): Promise<void> {
  const { db } = ctx;
  await db.delete("documents", document_id);
  await db.delete("document_states", (await requireState(db, document_id))._id);
  await keepSnapshot(db, document_id, []);
  await trimUpdates(ctx, document_id, Infinity);
  for (const cursor of await db
    .range("cursors", "by_document_and_client", (q) => q.eq("document_id", document_id))
    .collect()) {
    await db.delete("cursors", cursor);
  }
}

/** The run knows when it was due, and leaves what has become due at another time to another run. */
async function saveAfter(
  { scheduler, organization_id }: Omit<Saving, "db">,
  document_id: Id<"documents">,
  wait: number,
  now = Date.now(),
): Promise<number> {
  const due_at = now + wait;
  const run = { organization_id, document_id, looks_outside: false, due_at };
  await scheduler.runAfter(wait, internal.merging.save, run);
  return due_at;
}

async function keepSnapshot(db: OrganizationWriter, document_id: Id<"documents">, snapshot: readonly ArrayBuffer[]) {
  for (const old of await db
    .range("document_snapshots", "by_document", (q) => q.eq("document_id", document_id))
    .collect()) {
    await db.delete("document_snapshots", old);
  }
  for (const [part, bytes] of snapshot.entries()) {
    await db.insert("document_snapshots", { document_id, part, bytes });
  }
}

async function trimUpdates(ctx: Saving, document_id: Id<"documents">, kept_from: number): Promise<void> {
  const old = await ctx.db
    .range("document_updates", "by_document_and_number", (q) =>
      q.eq("document_id", document_id).lt("number", kept_from),
    )
    .take(REMOVED_ROWS);
  for (const { _id } of old) {
    await ctx.db.delete("document_updates", _id);
  }
  if (old.length === REMOVED_ROWS) {
    const { organization_id } = ctx;
    await ctx.scheduler.runAfter(0, internal.saving.trim, { organization_id, document_id, kept_from });
  }
}

/** Only what is new: all who edit the text watch its row. */
async function tellProblem(db: OrganizationWriter, document_id: Id<"documents">, problem: string | null) {
  const document = await db.get("documents", document_id);
  if (document !== null && document.problem !== problem) {
    await db.patch("documents", document_id, { problem });
  }
}
