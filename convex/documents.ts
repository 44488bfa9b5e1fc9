// The text of a post while people write it: updates of Yjs, which nothing here looks into. merging.ts does, and writes the
// text back; who may read and change it is what the post's mirror says now.
import { v } from "convex/values";

import { internal } from "./_generated/api";
import type { Doc, Id } from "./_generated/dataModel";
import { action, callersQuery, mutation, organizationMutation, query, type Reading } from "./access";
import type { OrganizationReader } from "./database";
import { loadDocument, takeBytes } from "./loading";
import { mayChange, requireReadablePost } from "./readable";
import { notFound, Refusal } from "./refusal";
import { requireState, saveSoon, startSaving } from "./saving";
import { nullable } from "./shapes";

/** Updates that are watched together: the same ones for everybody, so that one run serves all. */
export const WINDOW = 32;
const UPDATE_BYTES = 900_000;
const PUSHED_UPDATES = 100;
const PUSHED_BYTES = 4_000_000;
/** What may wait to be written back; the rest stays with who wrote it. */
const UNSAVED_BYTES = 8_000_000;
const ANSWER_BYTES = 2_000_000;

const document_id = v.id("documents");

type Caller = Pick<Reading, "db" | "person">;

const opened = v.object({ document_id, may_change: v.boolean() });

/**
 * All there is of the text of a post. Whoever opens it first has it made of what the post holds; who may change it and knows
 * a newer `version` than the document has that one taken in first.
 */
export const open = action({
  args: { post_id: v.string(), version: v.optional(v.number()) },
  returns: v.object({
    document_id,
    snapshot: nullable(v.bytes()),
    snapshot_number: v.number(),
    updates: v.array(v.bytes()),
    may_change: v.boolean(),
    version: v.number(),
  }),
  handler: async (ctx, { post_id, version = 0 }): Promise<Opened> => {
    const { organization_id, user_id } = ctx;
    const found =
      (await ctx.runQuery(internal.documents.find, { post_id })) ??
      (await ctx.runAction(internal.merging.make, { organization_id, user_id, post_id }));
    const { document_id, may_change } = found;
    let loaded = await loadDocument(ctx, organization_id, document_id);
    if (may_change && loaded.state.version < version) {
      const run = { organization_id, document_id, looks_outside: true, due_at: null };
      await ctx.runAction(internal.merging.save, run);
      loaded = await loadDocument(ctx, organization_id, document_id);
    }
    const { snapshot, state, updates } = loaded;
    return { ...found, snapshot, snapshot_number: state.snapshot, updates, version: state.version };
  },
});

type Opened = {
  document_id: Id<"documents">;
  snapshot: ArrayBuffer | null;
  snapshot_number: number;
  updates: ArrayBuffer[];
  may_change: boolean;
  version: number;
};

/** Null when nobody has opened it, or the mirror doesn't know the post yet: then the web service is asked. */
export const find = callersQuery({
  args: { post_id: v.string() },
  returns: nullable(opened),
  handler: async (ctx, { post_id }) => {
    const post = await ctx.db.range("posts", "by_post", (q) => q.eq("post_id", post_id)).unique();
    if (post === null) {
      return null;
    }
    await requireOpenPost(ctx, post_id);
    const document = await findDocument(ctx.db, post_id);
    return document && { document_id: document._id, may_change: mayChange(post, await ctx.person()) };
  },
});

/** Adds updates to the text; gives the number of the last one. */
export const push = mutation({
  args: { document_id, updates: v.array(v.bytes()) },
  returns: v.number(),
  handler: async (ctx, { document_id, updates }) => {
    const { db, user_id } = ctx;
    const bytes = requireSmall(updates);
    // Asked for together: the answers come on one way.
    const [, state] = await Promise.all([requireMayChange(ctx, document_id), requireState(db, document_id)]);
    if (state.bytes + bytes > UNSAVED_BYTES) {
      throw new Refusal("unavailable", "This text can't be saved at present. Keep the page open and try again later.");
    }
    let number = state.updates;
    for (const update of updates) {
      await db.insert("document_updates", { document_id, number: ++number, update, user_id });
    }
    const due_at = await saveSoon(ctx, state);
    await db.patch("document_states", state, {
      updates: number,
      bytes: state.bytes + bytes,
      changed_by: user_id,
      due_at,
    });
    return number;
  },
});

/**
 * The updates of one window that are there, or those of them that fit an answer: then a snapshot is near. Who needs one
 * before `first` opens the document again.
 */
export const updates = query({
  args: { document_id, window: v.number() },
  returns: v.object({ first: v.number(), updates: v.array(v.bytes()), problem: nullable(v.string()) }),
  handler: async (ctx, { document_id, window }) => {
    const { kept_from, problem } = await requireDocument(ctx, document_id);
    const first = Math.max(window * WINDOW + 1, kept_from);
    const last = (window + 1) * WINDOW;
    const rows = ctx.db.range("document_updates", "by_document_and_number", (q) =>
      q.eq("document_id", document_id).gte("number", first).lte("number", last),
    );
    return { first, updates: await takeBytes(rows, ANSWER_BYTES), problem };
  },
});

/** Writes the text back to the post now. */
export const save = action({
  args: { document_id },
  returns: v.null(),
  handler: async (ctx, { document_id }) => {
    await ctx.runQuery(internal.documents.requireMine, { document_id });
    const { organization_id } = ctx;
    const saved = await ctx.runAction(internal.merging.save, {
      ...{ organization_id, document_id, looks_outside: false, due_at: null },
    });
    if (!saved) {
      throw new Refusal("unavailable", "The text couldn't be saved to its post yet. It is kept here; try again later.");
    }
    return null;
  },
});

export const requireMine = callersQuery({
  args: { document_id },
  returns: v.null(),
  handler: async (ctx, { document_id }) => {
    await requireMayChange(ctx, document_id);
    return null;
  },
});

/** The text that is published is the one that people see. */
export const published = organizationMutation({
  args: { post_id: v.string() },
  returns: v.null(),
  handler: async (ctx, { post_id }) => {
    const document = await findDocument(ctx.db, post_id);
    if (document !== null) {
      await startSaving(ctx, document._id, false);
    }
    return null;
  },
});

/** Somebody changed the text by another door: people who edit it see that too. */
export const changedOutside = organizationMutation({
  args: { post_id: v.string(), version: v.number() },
  returns: v.null(),
  handler: async (ctx, { post_id, version }) => {
    const document = await findDocument(ctx.db, post_id);
    if (document !== null && version > (await requireState(ctx.db, document._id)).version) {
      await startSaving(ctx, document._id, true);
    }
    return null;
  },
});

export async function findDocument(db: OrganizationReader, post_id: string) {
  return await db.range("documents", "by_post", (q) => q.eq("post_id", post_id)).unique();
}

/** One whose post the caller may read. */
export async function requireDocument(ctx: Caller, document_id: Id<"documents">): Promise<Doc<"documents">> {
  const document = await getDocument(ctx, document_id);
  await requireOpenPost(ctx, document.post_id);
  return document;
}

async function requireMayChange(ctx: Caller, document_id: Id<"documents">): Promise<void> {
  const { post_id } = await getDocument(ctx, document_id);
  if (!mayChange(await requireOpenPost(ctx, post_id), await ctx.person())) {
    throw new Refusal("not_allowed", "You may read this text but not change it.");
  }
}

async function getDocument(ctx: Caller, document_id: Id<"documents">): Promise<Doc<"documents">> {
  const document = await ctx.db.get("documents", document_id);
  if (document === null) {
    throw notFound("document");
  }
  return document;
}

/** What lies in the trash isn't edited, not even by its author. */
async function requireOpenPost(ctx: Caller, post_id: string): Promise<Doc<"posts">> {
  const post = await requireReadablePost(ctx, post_id);
  if (post.status === "trashed") {
    throw new Refusal("not_found", "This post is in the trash. Take it out first.");
  }
  return post;
}

function requireSmall(updates: readonly ArrayBuffer[]): number {
  const bytes = updates.reduce((sum, each) => sum + each.byteLength, 0);
  const biggest = Math.max(0, ...updates.map((each) => each.byteLength));
  if (updates.length === 0 || updates.length > PUSHED_UPDATES || biggest > UPDATE_BYTES || bytes > PUSHED_BYTES) {
    throw new Refusal("invalid", "Send 1 to 100 updates of at most 900 kB each, and 4 MB together.");
  }
  return bytes;
}
