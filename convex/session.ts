import { v } from "convex/values";

import { query } from "./_generated/server";

/** Whose organization the caller's token is for, and in which role; null for somebody who is signed out. */
export const current = query({
  args: {},
  returns: v.union(v.null(), v.object({ organization_id: v.string(), role: v.string() })),
  handler: async (ctx) => {
    const identity = await ctx.auth.getUserIdentity();
    return identity && { organization_id: String(identity["org_id"]), role: String(identity["org_role"]) };
  },
});
