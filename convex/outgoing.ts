// What the web service must hear of, noted in the mutation that made it happen, so that it is told if and only if that
// was committed. Of one thing there is one row, and the newest word on it replaces what wasn't told yet. A delivery holds
// the row for a minute; one that was killed is taken up by the clock.
import type { Scheduler } from "convex/server";
import { v } from "convex/values";

import { sweepMutation, sweepQuery, writerFor } from "./access";
import { internal } from "./_generated/api";
import type { Doc } from "./_generated/dataModel";
import type { OrganizationReader, OrganizationWriter } from "./database";
import { nullable } from "./shapes";

const HELD_MS = 60_000;
const LONGEST_PAUSE_MS = 300_000;
const COUNTED = 1000;

type Kind = Doc<"outgoing">["kind"];
type Word = { user_id: string | null; kind: Kind; entity_id: string; payload: unknown };

/** `user_id` is who is acting: the web service does it in their name, and no more than they may. Null for what the
 * organization says itself. */
export async function send(ctx: { db: OrganizationWriter; scheduler: Scheduler }, word: Word): Promise<void> {
  const there = await findWord(ctx.db, word.kind, word.entity_id);
  if (there !== null) {
    await ctx.db.patch("outgoing", there, { ...word, number: there.number + 1 });
    return;
  }
  const row = { ...word, number: 1, attempts: 0, due_at: Date.now() };
  const outgoing_id = await ctx.db.insert("outgoing", row);
  await ctx.scheduler.runAfter(0, internal.delivering.deliver, { outgoing_id });
}

/** What was to be told is no longer so: nobody hears of it who hasn't yet. */
export async function withdraw(db: OrganizationWriter, kind: Kind, entity_id: string): Promise<void> {
  const there = await findWord(db, kind, entity_id);
  if (there !== null) {
    await db.delete("outgoing", there);
  }
}

const taken = v.object({
  ...{ organization_id: v.string(), user_id: nullable(v.string()), number: v.number(), payload: v.any() },
  kind: v.union(v.literal("message"), v.literal("presence")),
});

/** The word, for who is to deliver it now; null when it is told, or another delivery holds it. */
export const take = sweepMutation({
  args: { outgoing_id: v.id("outgoing") },
  returns: nullable(taken),
  handler: async (ctx, { outgoing_id }) => {
    const row = await ctx.db.get("outgoing", outgoing_id);
    if (row === null || row.due_at > Date.now()) {
      return null;
    }
    const { organization_id, user_id, number, payload, kind } = row;
    const held = { due_at: Date.now() + HELD_MS, attempts: row.attempts + 1 };
    await writerFor(ctx, organization_id).patch("outgoing", outgoing_id, held);
    return { organization_id, user_id, number, payload, kind };
  },
});

/** Told, or for good refused; what was said meanwhile is told next. */
export const settle = sweepMutation({
  args: { outgoing_id: v.id("outgoing"), number: v.number() },
  returns: v.null(),
  handler: async (ctx, { outgoing_id, number }) => {
    const row = await ctx.db.get("outgoing", outgoing_id);
    if (row === null) {
      return null;
    }
    const db = writerFor(ctx, row.organization_id);
    if (row.number === number) {
      await db.delete("outgoing", outgoing_id);
    } else {
      await db.patch("outgoing", outgoing_id, { due_at: Date.now(), attempts: 0 });
      await ctx.scheduler.runAfter(0, internal.delivering.deliver, { outgoing_id });
    }
    return null;
  },
});

/** To be tried again: after a second, two, four, at last every five minutes. */
export const postpone = sweepMutation({
  args: { outgoing_id: v.id("outgoing") },
  returns: v.null(),
  handler: async (ctx, { outgoing_id }) => {
    const row = await ctx.db.get("outgoing", outgoing_id);
    if (row !== null) {
      const due_at = Date.now() + pauseAfter(row);
      await writerFor(ctx, row.organization_id).patch("outgoing", outgoing_id, { due_at });
      await ctx.scheduler.runAt(due_at, internal.delivering.deliver, { outgoing_id });
    }
    return null;
  },
});

/** By the clock: what nobody holds and nobody has come back to. */
export const takeUp = sweepMutation({
  args: {},
  returns: v.null(),
  handler: async (ctx) => {
    const late = await ctx.db
      .query("outgoing")
      .withIndex("by_due", (q) => q.lt("due_at", Date.now() - 5000))
      .take(100);
    for (const { _id } of late) {
      await ctx.scheduler.runAfter(0, internal.delivering.deliver, { outgoing_id: _id });
    }
    return null;
  },
});

/** For the operator: how much waits, counted up to a thousand, and since when the oldest does. */
export const waiting = sweepQuery({
  args: {},
  returns: v.object({ waiting: v.number(), oldest_seconds: v.number() }),
  handler: async (ctx) => {
    const rows = await ctx.db.query("outgoing").order("asc").take(COUNTED);
    const now = Date.now();
    return { waiting: rows.length, oldest_seconds: Math.max(0, now - (rows[0]?._creationTime ?? now)) / 1000 };
  },
});

async function findWord(db: OrganizationReader, kind: Kind, entity_id: string): Promise<Doc<"outgoing"> | null> {
  return await db.range("outgoing", "by_entity", (q) => q.eq("kind", kind).eq("entity_id", entity_id)).unique();
}

function pauseAfter(row: Doc<"outgoing">): number {
  return Math.min(1000 * 2 ** Math.min(row.attempts - 1, 20), LONGEST_PAUSE_MS);
}
