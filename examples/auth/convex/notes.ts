// Who is asking comes from the token and never from an argument. Everybody has notes of their own, and whoever is signed
// out has none.
import { ConvexError, v } from "convex/values";

import type { QueryCtx } from "./_generated/server";
import { mutation, query } from "./_generated/server";

async function requireIdentity(ctx: Pick<QueryCtx, "auth">) {
  const identity = await ctx.auth.getUserIdentity();
  if (!identity) throw new ConvexError("Sign in first.");
  return identity;
}

export const add = mutation({
  args: { text: v.string() },
  handler: async (ctx, { text }) => {
    const { tokenIdentifier } = await requireIdentity(ctx);
    await ctx.db.insert("notes", { owner: tokenIdentifier, text });
  },
});

export const mine = query({
  args: {},
  handler: async (ctx) => {
    const { tokenIdentifier, name } = await requireIdentity(ctx);
    const theirs = ctx.db.query("notes").withIndex("by_owner", (q) => q.eq("owner", tokenIdentifier));
    return { name, notes: (await theirs.take(100)).map(({ text }) => text) };
  },
});
