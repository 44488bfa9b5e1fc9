import { queryGeneric as query } from "convex/server";
import { v } from "convex/values";

/** `asked` tells one question from the next, so that none is answered by the run of another. */
export const page = query({
  args: { author: v.number(), asked: v.number() },
  handler: async (ctx, { author }) =>
    await ctx.db
      .query("posts")
      .withIndex("by_author", (q) => q.eq("author", author))
      .order("desc")
      .take(20),
});
