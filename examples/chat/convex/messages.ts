// Rooms that people write into: a mutation that refuses what makes no sense, a query that clients watch, and one that
// gives the rest page by page. Whoever watches `latest` is told at once when anybody sends.
import { paginationOptsValidator } from "convex/server";
import { ConvexError, v } from "convex/values";

import { mutation, query } from "./_generated/server";

export const send = mutation({
  args: { room: v.string(), author: v.string(), body: v.string() },
  handler: async (ctx, message) => {
    if (message.body.trim() === "") throw new ConvexError("An empty message says nothing.");
    return await ctx.db.insert("messages", message);
  },
});

/** The newest three, the oldest of them first. */
export const latest = query({
  args: { room: v.string() },
  handler: async (ctx, { room }) => {
    const inRoom = ctx.db.query("messages").withIndex("by_room", (q) => q.eq("room", room));
    return (await inRoom.order("desc").take(3)).reverse();
  },
});

/** All of them, the newest first. */
export const history = query({
  args: { room: v.string(), paginationOpts: paginationOptsValidator },
  handler: async (ctx, { room, paginationOpts }) => {
    const inRoom = ctx.db.query("messages").withIndex("by_room", (q) => q.eq("room", room));
    return await inRoom.order("desc").paginate(paginationOpts);
  },
});
