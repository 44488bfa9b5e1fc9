// Bytes go to an upload address and never through a function; a document of ours names them by the id that comes back.
// The address that a query gives may be read by whoever has it, until the file is deleted.
import { ConvexError, v } from "convex/values";

import { internal } from "./_generated/api";
import { action, internalMutation, mutation, query } from "./_generated/server";

const DRAWING = '<svg xmlns="http://www.w3.org/2000/svg"><circle r="9"/></svg>';

export const uploadUrl = mutation({ args: {}, handler: async (ctx) => await ctx.storage.generateUploadUrl() });

const picture = { album: v.string(), name: v.string(), file: v.id("_storage") };

export const keep = mutation({
  args: picture,
  handler: async (ctx, { album, name, file }) => {
    const found = await ctx.db.system.get(file);
    if (!found?.contentType?.startsWith("image/")) throw new ConvexError("That is no picture.");
    return await ctx.db.insert("pictures", { album, name, file });
  },
});

export const list = query({
  args: { album: v.string() },
  handler: async (ctx, { album }) => {
    const inAlbum = ctx.db.query("pictures").withIndex("by_album", (q) => q.eq("album", album));
    return await Promise.all(
      (await inAlbum.take(100)).map(async ({ _id, name, file }) => {
        const [url, kept] = await Promise.all([ctx.storage.getUrl(file), ctx.db.system.get(file)]);
        return { _id, name, url, size: kept?.size, type: kept?.contentType };
      }),
    );
  },
});

export const remove = mutation({
  args: { picture: v.id("pictures") },
  handler: async (ctx, { picture }) => {
    const found = await ctx.db.get(picture);
    if (!found) return;
    await ctx.storage.delete(found.file);
    await ctx.db.delete(picture);
  },
});

/** Actions alone may make bytes. */
export const draw = action({
  args: { album: v.string() },
  handler: async (ctx, { album }) => {
    const file = await ctx.storage.store(new Blob([DRAWING], { type: "image/svg+xml" }));
    await ctx.runMutation(internal.pictures.keepDrawn, { album, name: "drawn.svg", file });
  },
});

export const keepDrawn = internalMutation({
  args: picture,
  handler: async (ctx, drawn) => await ctx.db.insert("pictures", drawn),
});
