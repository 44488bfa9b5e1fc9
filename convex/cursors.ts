// Where people are in a text. Ephemeral: a cursor ends when it wasn't pointed for a while.
import { v } from "convex/values";

import { internal } from "./_generated/api";
import { mutation, organizationMutation, query } from "./access";
import { requireDocument } from "./documents";
import { Refusal } from "./refusal";
import { nullable } from "./shapes";

const ENDS_AFTER_MS = 30_000;
const STATE_CHARACTERS = 2_000;
/** Of one document; of one person there, who may have it open in several windows. */
const CURSORS = 200;
const CURSORS_OF_ONE = 10;

const document_id = v.id("documents");

/** Puts the cursor of one client there, or takes it away. */
export const point = mutation({
  args: {
    document_id,
    /** The client's number in the document of Yjs. */
    client: v.number(),
    state: nullable(v.string()),
  },
  returns: v.null(),
  handler: async (ctx, { document_id, client, state }) => {
    const { db, user_id, organization_id } = ctx;
    await requireDocument(ctx, document_id);
    if (state !== null && state.length > STATE_CHARACTERS) {
      throw new Refusal("invalid", `A cursor's state has at most ${STATE_CHARACTERS} characters.`);
    }
    const mine = await db
      .range("cursors", "by_document_and_client", (q) => q.eq("document_id", document_id).eq("client", client))
      .unique();
    if (mine !== null && mine.user_id !== user_id) {
      throw new Refusal("conflict", "This number is another client's. Open the document with a new one.");
    }
    const until = Date.now() + ENDS_AFTER_MS;
    if (mine === null && state !== null) {
      const all = await db
        .range("cursors", "by_document_and_client", (q) => q.eq("document_id", document_id))
        .take(CURSORS);
      if (all.length === CURSORS || all.filter((each) => each.user_id === user_id).length >= CURSORS_OF_ONE) {
        throw new Refusal("conflict", "There are too many cursors in this text. Close it elsewhere.");
      }
      const cursor_id = await db.insert("cursors", { document_id, user_id, client, state, until });
      await ctx.scheduler.runAfter(ENDS_AFTER_MS, internal.cursors.end, { organization_id, cursor_id });
    } else if (mine !== null && state !== null) {
      await db.patch("cursors", mine, { state, until });
    } else if (mine !== null) {
      await db.delete("cursors", mine);
    }
    return null;
  },
});

export const list = query({
  args: { document_id },
  returns: v.array(v.object({ user_id: v.string(), client: v.number(), state: v.string() })),
  handler: async (ctx, { document_id }) => {
    await requireDocument(ctx, document_id);
    const cursors = await ctx.db
      .range("cursors", "by_document_and_client", (q) => q.eq("document_id", document_id))
      .take(CURSORS);
    return cursors.map(({ user_id, client, state }) => ({ user_id, client, state }));
  },
});

/** Once for each cursor, put off for as long as it is pointed. */
export const end = organizationMutation({
  args: { cursor_id: v.id("cursors") },
  returns: v.null(),
  handler: async ({ db, scheduler, organization_id }, { cursor_id }) => {
    const cursor = await db.get("cursors", cursor_id);
    const left = (cursor?.until ?? 0) - Date.now();
    if (cursor !== null && left > 0) {
      await scheduler.runAfter(left, internal.cursors.end, { organization_id, cursor_id });
    } else if (cursor !== null) {
      await db.delete("cursors", cursor_id);
    }
    return null;
  },
});
