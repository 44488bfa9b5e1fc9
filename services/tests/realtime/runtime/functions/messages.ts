// Functions that people would write, and some that they wouldn't.
import { internalMutationGeneric, mutationGeneric, paginationOptsValidator, queryGeneric } from "convex/server";
import { ConvexError, v } from "convex/values";

const message = { room: v.string(), body: v.string(), n: v.optional(v.number()) };

export const send = mutationGeneric({
  args: message,
  returns: v.id("messages"),
  handler: async (ctx, args) => await ctx.db.insert("messages", args),
});

export const list = queryGeneric({
  args: { room: v.string() },
  handler: async (ctx, { room }) =>
    await ctx.db
      .query("messages")
      .withIndex("by_room", (q) => q.eq("room", room))
      .collect(),
});

export const sendBoth = mutationGeneric({
  args: { body: v.string() },
  handler: async (ctx, { body }) => {
    await ctx.db.insert("messages", { room: "a", body });
    await ctx.db.insert("messages", { room: "b", body });
  },
});

export const count = queryGeneric({
  args: { room: v.string() },
  handler: async (ctx, { room }) =>
    (
      await ctx.db
        .query("messages")
        .withIndex("by_room", (q) => q.eq("room", room))
        .collect()
    ).length,
});

export const first = queryGeneric({
  args: { room: v.string() },
  handler: async (ctx, { room }) => {
    const found = await ctx.db
      .query("messages")
      .withIndex("by_room", (q) => q.eq("room", room))
      .first();
    return found?.body ?? null;
  },
});

export const some = queryGeneric({
  args: { room: v.string(), count: v.number() },
  handler: async (ctx, { room, count }) =>
    await ctx.db
      .query("messages")
      .withIndex("by_room", (q) => q.eq("room", room))
      .take(count),
});

export const get = queryGeneric({ args: { id: v.id("messages") }, handler: async (ctx, { id }) => await ctx.db.get(id) });

export const page = queryGeneric({
  args: { paginationOpts: paginationOptsValidator },
  handler: async (ctx, { paginationOpts }) => await ctx.db.query("messages").order("desc").paginate(paginationOpts),
});

export const empty = mutationGeneric({
  args: { room: v.string() },
  handler: async (ctx, { room }) => {
    let removed = 0;
    const rows = ctx.db.query("messages").withIndex("by_room", (q) => q.eq("room", room));
    for await (const each of rows) {
      await ctx.db.delete(each._id);
      removed++;
    }
    return removed;
  },
});

export const shout = mutationGeneric({
  args: { id: v.id("messages") },
  handler: async (ctx, { id }) => {
    const found = await ctx.db.get(id);
    await ctx.db.patch(id, { body: found!.body.toUpperCase(), n: undefined });
    return await ctx.db.get(id);
  },
});

export const sendBad = mutationGeneric({
  args: {},
  handler: async (ctx) => await ctx.db.insert("messages", { room: "a" }),
});

export const wrongReturn = queryGeneric({ args: {}, returns: v.string(), handler: async () => 1 });

export const hidden = internalMutationGeneric({
  args: message,
  handler: async (ctx, args) => {
    await ctx.db.insert("messages", args);
    throw new ConvexError({ code: "refused", body: args.body });
  },
});

export const callHidden = mutationGeneric({
  args: {},
  handler: async (ctx) => {
    await ctx.db.insert("messages", { room: "a", body: "outer" });
    try {
      await ctx.runMutation("messages:hidden" as never, { room: "a", body: "inner" });
    } catch (error) {
      return (error as ConvexError<{ code: string }>).data;
    }
    return null;
  },
});

export const counted = queryGeneric({
  args: {},
  handler: async (ctx) => (await ctx.runQuery("messages:list" as never, { room: "a" })).length,
});

/** Begins to look at who asks as soon as there is something to see. */
export const guarded = queryGeneric({
  args: { room: v.string() },
  handler: async (ctx, { room }) => {
    const found = await ctx.db
      .query("messages")
      .withIndex("by_room", (q) => q.eq("room", room))
      .collect();
    if (found.length === 0) return "all";
    const identity = await ctx.auth.getUserIdentity();
    return `${String(identity?.["org_id"])} ${String(found.length)}`;
  },
});
