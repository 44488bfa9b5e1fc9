import { queryGeneric as query } from "convex/server";
import { v } from "convex/values";

/** As many documents each. `asked` tells one question from the next, so that none is answered by the run of another. */
export const search = query({
  args: { text: v.string(), asked: v.number() },
  handler: async (ctx, { text }) =>
    await ctx.db
      .query("articles")
      .withSearchIndex("search_body", (q) => q.search("body", text))
      .take(20),
});

export const page = query({
  args: { author: v.number(), asked: v.number() },
  handler: async (ctx, { author }) =>
    await ctx.db
      .query("articles")
      .withIndex("by_author", (q) => q.eq("author", author))
      .order("desc")
      .take(20),
});
