// A reminder is a document and a mutation that is scheduled in the same transaction: either both are there or neither.
// A scheduled mutation runs exactly once, also when the deployment was stopped in between.
import { v } from "convex/values";

import { internal } from "./_generated/api";
import { internalMutation, mutation, query } from "./_generated/server";

export const set = mutation({
  args: { owner: v.string(), text: v.string(), seconds: v.number() },
  handler: async (ctx, { owner, text, seconds }) => {
    const reminder = await ctx.db.insert("reminders", { owner, text, state: "waits" });
    const job = await ctx.scheduler.runAfter(seconds * 1000, internal.reminders.ring, { reminder });
    await ctx.db.patch(reminder, { job });
    return reminder;
  },
});

export const cancel = mutation({
  args: { reminder: v.id("reminders") },
  handler: async (ctx, { reminder }) => {
    const { job } = (await ctx.db.get(reminder)) ?? {};
    if (job) await ctx.scheduler.cancel(job);
  },
});

/** With what the deployment says of the job: pending, inProgress, success, failed or canceled. */
export const list = query({
  args: { owner: v.string() },
  handler: async (ctx, { owner }) => {
    const theirs = ctx.db.query("reminders").withIndex("by_owner", (q) => q.eq("owner", owner));
    return await Promise.all(
      (await theirs.take(100)).map(async ({ text, state, job }) => {
        const told = job && (await ctx.db.system.get(job));
        return { text, state, job: told?.state.kind ?? null };
      }),
    );
  },
});

export const ring = internalMutation({
  args: { reminder: v.id("reminders") },
  handler: async (ctx, { reminder }) => await ctx.db.patch(reminder, { state: "rang" }),
});

export const putAway = internalMutation({
  args: {},
  handler: async (ctx) => {
    const rang = ctx.db.query("reminders").withIndex("by_state", (q) => q.eq("state", "rang"));
    for (const { _id } of await rang.take(100)) await ctx.db.patch(_id, { state: "rang and was put away" });
  },
});
