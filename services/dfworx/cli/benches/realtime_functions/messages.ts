import { mutationGeneric as mutation, queryGeneric as query } from "convex/server";
import { v } from "convex/values";

/** Numbers begin here, so that all of them have the same digits and all frames the same bytes. */
const FIRST = 1_000_000;

export const send = mutation({
  args: { room: v.string(), body: v.string() },
  returns: v.number(),
  handler: async (ctx, { room, body }) => {
    const last = await ctx.db
      .query("messages")
      .withIndex("by_room", (q) => q.eq("room", room))
      .order("desc")
      .first();
    const number = (last?.number ?? FIRST) + 1;
    await ctx.db.insert("messages", { room, body, number });
    return number;
  },
});

export const last = query({
  args: { room: v.string() },
  handler: async (ctx, { room }) =>
    await ctx.db
      .query("messages")
      .withIndex("by_room", (q) => q.eq("room", room))
      .order("desc")
      .first(),
});

export const list = query({
  args: { room: v.string() },
  handler: async (ctx, { room }) =>
    await ctx.db
      .query("messages")
      .withIndex("by_room", (q) => q.eq("room", room))
      .order("desc")
      .take(20),
});
