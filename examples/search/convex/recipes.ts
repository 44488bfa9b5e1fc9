// Full text is found by any of the words, the last one as a beginning; what fits best comes first. A filter field keeps a
// search within what belongs to somebody, and a search that is watched is told of new texts as any query is.
import { v } from "convex/values";

import { mutation, query } from "./_generated/server";

export const add = mutation({
  args: { book: v.string(), kind: v.string(), text: v.string() },
  handler: async (ctx, recipe) => await ctx.db.insert("recipes", recipe),
});

export const find = query({
  args: { book: v.string(), words: v.string(), kind: v.optional(v.string()) },
  handler: async (ctx, { book, words, kind }) => {
    const found = ctx.db.query("recipes").withSearchIndex("by_text", (q) => {
      const within = q.search("text", words).eq("book", book);
      return kind === undefined ? within : within.eq("kind", kind);
    });
    return (await found.take(10)).map(({ text }) => text);
  },
});
