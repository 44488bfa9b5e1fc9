import { mutationGeneric as mutation, paginationOptsValidator, queryGeneric as query } from "convex/server";
import { v } from "convex/values";

export const list = query({
  args: { room: v.string() },
  handler: async (ctx, { room }) => {
    const found = await ctx.db.query("messages").withIndex("by_room", (q) => q.eq("room", room)).collect();
    return found.map((each) => each.body);
  },
});

export const page = query({
  args: { room: v.string(), paginationOpts: paginationOptsValidator },
  handler: (ctx, { room, paginationOpts }) =>
    ctx.db
      .query("messages")
      .withIndex("by_room_and_body", (q) => q.eq("room", room))
      .paginate(paginationOpts),
});

export const find = query({
  args: { room: v.string(), text: v.string() },
  handler: async (ctx, { room, text }) => {
    const found = await ctx.db
      .query("messages")
      .withSearchIndex("search_body", (q) => q.search("body", text).eq("room", room))
      .take(10);
    return found.map((each) => each.body);
  },
});

export const findPage = query({
  args: { room: v.string(), text: v.string(), paginationOpts: paginationOptsValidator },
  handler: (ctx, { room, text, paginationOpts }) =>
    ctx.db
      .query("messages")
      .withSearchIndex("search_body", (q) => q.search("body", text).eq("room", room))
      .paginate(paginationOpts),
});

export const send = mutation({
  args: { room: v.string(), body: v.string() },
  handler: (ctx, message) => ctx.db.insert("messages", message),
});

export const removeAll = mutation({
  args: { room: v.string(), body: v.string() },
  handler: async (ctx, { room, body }) => {
    const found = await ctx.db.query("messages").withIndex("by_room", (q) => q.eq("room", room)).collect();
    for (const each of found) if (each.body === body) await ctx.db.delete(each._id);
  },
});

export const who = query({
  args: {},
  handler: async (ctx) => (await ctx.auth.getUserIdentity())?.subject ?? null,
});
