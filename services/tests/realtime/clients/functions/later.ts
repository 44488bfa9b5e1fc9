// Marks that are made later: each by a mutation that was scheduled, half of them by one that was scheduled itself.
import {
  internalActionGeneric as internalAction,
  internalMutationGeneric as internalMutation,
  mutationGeneric as mutation,
  queryGeneric as query,
} from "convex/server";
import { v } from "convex/values";

const CLIENT = "later";

export const plan = mutation({
  args: { first: v.number(), delays: v.array(v.number()), children: v.number() },
  handler: async (ctx, { first, delays, children }) => {
    for (const [place, delay] of delays.entries())
      await ctx.scheduler.runAfter(delay, "later:mark" as never, { number: first + place, child: first + place + children } as never);
  },
});

export const mark = internalMutation({
  args: { number: v.number(), child: v.optional(v.number()) },
  handler: async (ctx, { number, child }) => {
    await ctx.db.insert("marks", { client: CLIENT, number, account: 0, amount: 1 });
    const account = await ctx.db.query("accounts").withIndex("by_name", (q) => q.eq("name", 0)).unique();
    if (account) await ctx.db.patch(account._id, { total: account.total + 1 });
    else await ctx.db.insert("accounts", { name: 0, total: 1 });
    if (child !== undefined) await ctx.scheduler.runAfter(20, "later:mark" as never, { number: child } as never);
  },
});

export const planActions = mutation({
  args: { count: v.number() },
  handler: async (ctx, { count }) => {
    for (let number = 0; number < count; number++) await ctx.scheduler.runAfter(0, "later:act" as never, { number } as never);
  },
});

export const act = internalAction({
  args: { number: v.number() },
  handler: async (ctx, { number }) => {
    for (const when of ["begun", "ended"]) await ctx.runMutation("later:markAction" as never, { number, when } as never);
  },
});

export const markAction = internalMutation({
  args: { number: v.number(), when: v.string() },
  handler: async (ctx, { number, when }) => {
    await ctx.db.insert("marks", { client: when, number, account: 0, amount: 0 });
  },
});

export const jobs = query({
  args: {},
  handler: async (ctx) => {
    const found = await ctx.db.system.query("_scheduled_functions").collect();
    return found.map(({ args, state }) => ({ number: args[0]?.number, ...state }));
  },
});

export const made = query({
  args: {},
  handler: async (ctx) => (await ctx.db.query("accounts").withIndex("by_name", (q) => q.eq("name", 0)).unique())?.total ?? 0,
});

export const numbers = query({
  args: {},
  handler: async (ctx) => {
    const marks = await ctx.db.query("marks").withIndex("by_client", (q) => q.eq("client", CLIENT)).collect();
    return marks.map((each) => each.number);
  },
});
