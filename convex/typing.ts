// Who is writing in a thread right now. A row is there as long as somebody is, and so long one end of it is scheduled.
import { v } from "convex/values";

import { internal } from "./_generated/api";
import type { Doc, Id } from "./_generated/dataModel";
import { mutation, organizationMutation, query } from "./access";
import type { OrganizationReader } from "./database";
import { requireThread } from "./readable";

const SHOWN_MS = 5000;

const thread_id = v.id("threads");

/** As long as somebody writes, every few seconds. */
export const set = mutation({
  args: { thread_id },
  returns: v.null(),
  handler: async (ctx, { thread_id }) => {
    await requireThread(ctx, thread_id);
    const { db, organization_id, user_id } = ctx;
    const row = await find(db, thread_id, user_id);
    const until = Date.now() + SHOWN_MS;
    if (row === null) {
      await db.insert("typing", { thread_id, user_id, until });
      await ctx.scheduler.runAt(until, internal.typing.end, { organization_id, thread_id, user_id });
    } else {
      await db.patch("typing", row, { until });
    }
    return null;
  },
});

export const list = query({
  args: { thread_id },
  returns: v.array(v.string()),
  handler: async (ctx, { thread_id }) => {
    await requireThread(ctx, thread_id);
    const rows = await ctx.db.range("typing", "by_thread_and_user", (q) => q.eq("thread_id", thread_id)).collect();
    return rows.map((each) => each.user_id);
  },
});

export const end = organizationMutation({
  args: { thread_id, user_id: v.string() },
  returns: v.null(),
  handler: async ({ db, scheduler, organization_id }, { thread_id, user_id }) => {
    const row = await find(db, thread_id, user_id);
    if (row !== null && row.until > Date.now()) {
      await scheduler.runAt(row.until, internal.typing.end, { organization_id, thread_id, user_id });
    } else if (row !== null) {
      await db.delete("typing", row);
    }
    return null;
  },
});

async function find(db: OrganizationReader, thread_id: Id<"threads">, user_id: string): Promise<Doc<"typing"> | null> {
  return await db
    .range("typing", "by_thread_and_user", (q) => q.eq("thread_id", thread_id).eq("user_id", user_id))
    .unique();
}
