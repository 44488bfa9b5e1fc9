// What the actions beside this call.
import { internalMutationGeneric, internalQueryGeneric, mutationGeneric, queryGeneric } from "convex/server";
import { ConvexError, v } from "convex/values";

const args = { body: v.string() };

export const list = queryGeneric({
  args: {},
  handler: async (ctx) => (await ctx.db.query("notes").collect()).map((note) => note["body"]),
});
export const add = mutationGeneric({ args, handler: async (ctx, { body }) => await ctx.db.insert("notes", { body }) });
export const addInside = internalMutationGeneric({
  args,
  handler: async (ctx, { body }) => void (await ctx.db.insert("notes", { body })),
});
export const refuse = internalMutationGeneric({
  args,
  handler: async (ctx, { body }) => {
    await ctx.db.insert("notes", { body });
    throw new ConvexError({ code: "refused", body });
  },
});
export const whoAsks = internalQueryGeneric({
  args: {},
  handler: async (ctx) => (await ctx.auth.getUserIdentity())?.subject ?? null,
});
