import { v } from "convex/values";

import { mutation, query } from "./access";
import type { Id } from "./_generated/dataModel";
import type { OrganizationReader } from "./database";
import { tell } from "./messages";
import { requireStandingMessage, requireThread } from "./readable";
import { Refusal } from "./refusal";
import { message } from "./shapes";

const MOST = 100;

/** Whoever reads a thread pins and unpins in it; gives whether the message is pinned now. */
export const toggle = mutation({
  args: { message_id: v.id("messages") },
  returns: v.boolean(),
  handler: async (ctx, { message_id }) => {
    const { message, thread } = await requireStandingMessage(ctx, message_id);
    const isPinned = message.pinned_at === null;
    if (isPinned && (await listPinned(ctx.db, thread._id)).length >= MOST) {
      throw new Refusal("conflict", `${MOST} messages are pinned here already; unpin one first.`);
    }
    await ctx.db.patch("messages", message, { pinned_at: isPinned ? Date.now() : null });
    return isPinned;
  },
});

/** What was pinned last comes first. */
export const list = query({
  args: { thread_id: v.id("threads") },
  returns: v.array(message),
  handler: async (ctx, { thread_id }) => {
    await requireThread(ctx, thread_id);
    return (await listPinned(ctx.db, thread_id)).map(tell);
  },
});

async function listPinned(db: OrganizationReader, thread_id: Id<"threads">) {
  return await db
    .range("messages", "by_thread_and_pin", (q) => q.eq("thread_id", thread_id).gt("pinned_at", 0))
    .order("desc")
    .take(MOST);
}
