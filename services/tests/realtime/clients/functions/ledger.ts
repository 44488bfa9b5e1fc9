import { mutationGeneric as mutation, queryGeneric as query } from "convex/server";
import { ConvexError, v } from "convex/values";

const entry = { client: v.string(), number: v.number(), account: v.number(), amount: v.number() };

/** Marks each write, so that one that is lost or done twice is seen; one that fails leaves nothing. */
export const add = mutation({
  args: { ...entry, fails: v.boolean() },
  handler: async (ctx, { fails, ...mark }) => {
    await ctx.db.insert("marks", mark);
    const account = await ctx.db
      .query("accounts")
      .withIndex("by_name", (q) => q.eq("name", mark.account))
      .unique();
    if (account) await ctx.db.patch(account._id, { total: account.total + mark.amount });
    else await ctx.db.insert("accounts", { name: mark.account, total: mark.amount });
    if (fails) throw new ConvexError("on purpose");
    return mark.number;
  },
});

export const account = query({
  args: { name: v.number() },
  handler: async (ctx, { name }) => {
    const found = await ctx.db.query("accounts").withIndex("by_name", (q) => q.eq("name", name)).unique();
    return found?.total ?? null;
  },
});

export const marks = query({
  args: { client: v.string() },
  handler: async (ctx, { client }) => {
    const found = await ctx.db.query("marks").withIndex("by_client", (q) => q.eq("client", client)).collect();
    return found.map(({ number, account, amount }) => ({ number, account, amount }));
  },
});

/** The highest number of a client; it never goes back. */
export const last = query({
  args: { client: v.string() },
  handler: async (ctx, { client }) => {
    const found = await ctx.db
      .query("marks")
      .withIndex("by_client", (q) => q.eq("client", client))
      .order("desc")
      .first();
    return found?.number ?? -1;
  },
});

export const newest = query({
  args: {},
  handler: async (ctx) => (await ctx.db.query("marks").order("desc").take(10)).map((each) => [each.client, each.number]),
});
