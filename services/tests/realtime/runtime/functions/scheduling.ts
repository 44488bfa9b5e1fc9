// What is scheduled, and what the deployment keeps of it. Tests of other features have modules of their own.
import {
  internalActionGeneric as internalAction,
  internalMutationGeneric as internalMutation,
  mutationGeneric as mutation,
  queryGeneric as query,
} from "convex/server";
import type { Scheduler } from "convex/server";
import { ConvexError, v } from "convex/values";

const id = v.id("_scheduled_functions");
const asked = { path: v.string(), args: v.optional(v.any()), after: v.optional(v.number()), at: v.optional(v.number()) };
type Asked = { path: string; args?: any; after?: number; at?: number };

export const one = query({ args: { id }, handler: async (ctx, { id }) => await ctx.db.system.get(id) });
export const all = query({ args: {}, handler: async (ctx) => await ctx.db.system.query("_scheduled_functions").collect() });
/** What both deployments of a test say alike. */
export const told = query({
  args: {},
  handler: async (ctx) => {
    const found = await ctx.db.system.query("_scheduled_functions").collect();
    return found.map(({ name, args, state }) => [name.replace(".js", ""), args, state.kind]);
  },
});
export const labels = query({ args: {}, handler: async (ctx) => (await ctx.db.query("things").collect()).map((each) => each["label"]) });
export const normal = query({
  args: { id: v.string() },
  handler: async (ctx, { id }) => [ctx.db.system.normalizeId("_scheduled_functions", id), ctx.db.system.normalizeId("_storage", id)],
});

/** Each way in which a function could want to read or write what is the deployment's. */
export const reach = mutation({
  args: { id: v.string(), how: v.string() },
  handler: async (ctx, { id, how }) => {
    const ways: Record<string, () => Promise<unknown>> = {
      get: () => ctx.db.get(id as never),
      query: () => ctx.db.query("_storage").collect(),
      insert: () => ctx.db.insert("_storage", { size: 1 }),
      patch: () => ctx.db.patch(id as never, { size: 1 }),
      replace: () => ctx.db.replace(id as never, { size: 1 }),
      remove: () => ctx.db.delete(id as never),
      normalize: async () => ctx.db.normalizeId("_storage", id),
      system: () => ctx.db.system.get(id as never),
    };
    return await ways[how]!();
  },
});

const schedule = async (scheduler: Scheduler, { path, args, after, at }: Asked) =>
  at === undefined ? await scheduler.runAfter(after ?? 0, path as never, args ?? {}) : await scheduler.runAt(at, path as never, args ?? {});

export const later = mutation({ args: asked, handler: async (ctx, asked) => await schedule(ctx.scheduler, asked) });
export const many = mutation({
  args: { times: v.number(), ...asked },
  handler: async (ctx, { times, ...asked }) => {
    const labels = Array.from({ length: times }, (_, n) => `${asked.args.label} ${n}`);
    await Promise.all(labels.map((label) => schedule(ctx.scheduler, { ...asked, args: { label } })));
  },
});
export const marks = mutation({
  args: { after: v.record(v.string(), v.number()) },
  handler: async (ctx, { after }) => {
    for (const [label, delay] of Object.entries(after)) await ctx.scheduler.runAfter(delay, "scheduling:mark" as never, { label });
  },
});
export const laterAndFail = mutation({
  args: asked,
  handler: async (ctx, asked) => {
    await schedule(ctx.scheduler, asked);
    throw new ConvexError("after all");
  },
});
/** The function that it calls schedules and fails, and its failure is caught. */
export const laterInside = mutation({
  args: asked,
  handler: async (ctx, asked) => {
    try {
      await ctx.runMutation("scheduling:laterAndFail" as never, asked as never);
    } catch {
      return "caught";
    }
  },
});
export const cancel = mutation({ args: { id: v.string() }, handler: async (ctx, { id }) => await ctx.scheduler.cancel(id as never) });

export const mark = internalMutation({
  args: { label: v.string() },
  handler: async (ctx, { label }) => {
    await ctx.db.insert("things", { label });
  },
});
export const markWho = internalMutation({
  args: {},
  handler: async (ctx) => {
    const states = (await ctx.db.system.query("_scheduled_functions").collect()).map((each) => each.state.kind);
    await ctx.db.insert("things", { label: `${JSON.stringify(await ctx.auth.getUserIdentity())} ${states}` });
  },
});
export const markAndFail = internalMutation({
  args: { how: v.optional(v.string()) },
  handler: async (ctx, { how }) => {
    await ctx.db.insert("things", { label: "never" });
    if (how === "loop") for (;;);
    throw how === "data" ? new ConvexError({ code: "refused" }) : new Error("on purpose");
  },
});
export const chain = internalMutation({
  args: { left: v.number() },
  handler: async (ctx, { left }) => {
    await ctx.db.insert("things", { label: `${left}` });
    if (left > 0) await ctx.scheduler.runAfter(0, "scheduling:chain" as never, { left: left - 1 } as never);
  },
});
export const cancelRunning = internalMutation({
  args: {},
  handler: async (ctx) => {
    for (const each of await ctx.db.system.query("_scheduled_functions").collect()) await ctx.scheduler.cancel(each._id);
  },
});

export const actAndMark = internalAction({
  args: { label: v.string() },
  handler: async (ctx, { label }) => {
    const who = JSON.stringify(await ctx.auth.getUserIdentity());
    await ctx.runMutation("scheduling:mark" as never, { label: `${label} ${who}` } as never);
    await ctx.scheduler.runAfter(0, "scheduling:mark" as never, { label: "scheduled by it" } as never);
  },
});
export const actAndFail = internalAction({
  args: {},
  handler: async () => {
    throw new Error("on purpose");
  },
});
/** Waits until something has the label, and schedules then. */
export const actLater = internalAction({
  args: { label: v.string() },
  handler: async (ctx, { label }) => {
    while (!((await ctx.runQuery("scheduling:labels" as never)) as string[]).includes(label));
    await ctx.scheduler.runAfter(0, "scheduling:mark" as never, { label: "by itself" } as never);
    await ctx.runMutation("scheduling:later" as never, { path: "scheduling:mark", args: { label: "by its mutation" } } as never);
  },
});
