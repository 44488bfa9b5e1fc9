// Who asks, and who wrote what.
import { mutationGeneric, queryGeneric } from "convex/server";

export const me = queryGeneric({ args: {}, handler: async (ctx) => (await ctx.auth.getUserIdentity())?.subject ?? null });
export const sign = mutationGeneric({
  args: {},
  handler: async (ctx) => {
    await ctx.db.insert("signatures", { by: (await ctx.auth.getUserIdentity())?.subject ?? null });
  },
});
export const signatures = queryGeneric({
  args: {},
  handler: async (ctx) => (await ctx.db.query("signatures").collect()).map((each) => each["by"] as string | null),
});
