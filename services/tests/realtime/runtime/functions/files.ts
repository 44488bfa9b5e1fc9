// What functions do with files.
import { actionGeneric as action, mutationGeneric as mutation, queryGeneric as query } from "convex/server";
import { v } from "convex/values";

const args = { id: v.string() };

export const uploadUrl = mutation({ args: {}, handler: async (ctx) => await ctx.storage.generateUploadUrl() });
export const url = query({ args, handler: async (ctx, { id }) => await ctx.storage.getUrl(id) });
export const hasUrl = query({ args, handler: async (ctx, { id }) => (await ctx.storage.getUrl(id)) !== null });
export const metadata = query({ args, handler: async (ctx, { id }) => await ctx.storage.getMetadata(id) });
export const one = query({ args, handler: async (ctx, { id }) => await ctx.db.system.get(id as never) });
export const all = query({ args: {}, handler: async (ctx) => await ctx.db.system.query("_storage").collect() });
export const remove = mutation({ args, handler: async (ctx, { id }) => await ctx.storage.delete(id) });
export const removeAndFail = mutation({
  args,
  handler: async (ctx, { id }) => {
    await ctx.storage.delete(id);
    throw new Error("changed my mind");
  },
});
/** What a function inside another one deleted is there again when it fails. */
export const removeInside = mutation({
  args,
  handler: async (ctx, { id }) => {
    await ctx.runMutation("files:removeAndFail" as never, { id } as never).catch(() => {});
    return (await ctx.storage.getUrl(id)) !== null;
  },
});
export const removeAndLook = mutation({
  args,
  handler: async (ctx, { id }) => {
    await ctx.storage.delete(id);
    return [await ctx.storage.getUrl(id), await ctx.db.system.get(id as never)];
  },
});
export const get = mutation({ args, handler: async (ctx, { id }) => await ctx.storage.get(id) });
/** What actions alone can: bytes in and out. */
export const put = action({
  args: { text: v.string(), type: v.optional(v.string()), sha256: v.optional(v.string()) },
  handler: async (ctx, { text, type, sha256 }) =>
    await ctx.storage.store(new Blob([text], type === undefined ? {} : { type }), sha256 === undefined ? {} : { sha256 }),
});
export const take = action({
  args,
  handler: async (ctx, { id }) => {
    const blob = await ctx.storage.get(id);
    return blob && { text: await blob.text(), size: blob.size, type: blob.type };
  },
});
export const throughAction = action({
  args,
  handler: async (ctx, { id }) => {
    const url = await ctx.storage.getUrl(id);
    const upload = await ctx.storage.generateUploadUrl();
    await ctx.storage.delete(id);
    return [url !== null, upload.includes("/api/storage/upload?token="), await ctx.storage.getUrl(id), await ctx.storage.get(id)];
  },
});
