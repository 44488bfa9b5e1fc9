// What is scheduled, and what the deployment keeps of it. Tests of other features have modules of their own.
import { mutationGeneric as mutation, queryGeneric as query } from "convex/server";
import { v } from "convex/values";

const id = v.id("_scheduled_functions");

export const one = query({ args: { id }, handler: async (ctx, { id }) => await ctx.db.system.get(id) });
export const all = query({ args: {}, handler: async (ctx) => await ctx.db.system.query("_scheduled_functions").collect() });
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
