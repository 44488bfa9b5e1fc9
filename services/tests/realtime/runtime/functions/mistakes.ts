// What people do by mistake; what they are told is what Convex tells them.
import { mutationGeneric, queryGeneric } from "convex/server";
import { ConvexError, v } from "convex/values";

export const needs = queryGeneric({ args: { room: v.string(), n: v.optional(v.number()) }, handler: async () => null });
export const writes = queryGeneric({
  args: {},
  handler: async (ctx) => await (ctx.db as never as { insert(table: string, value: object): unknown }).insert("messages", {}),
});
export const fetches = queryGeneric({ args: {}, handler: async () => await fetch("https://example.org") });
export const sleeps = mutationGeneric({ args: {}, handler: async () => await new Promise((done) => setTimeout(done, 1)) });
export const forgets = mutationGeneric({
  args: {},
  handler: async (ctx) => {
    void ctx.db.insert("forgotten", { a: 1 });
    void ctx.db.query("forgotten").first();
  },
});
export const forgotten = queryGeneric({ args: {}, handler: async (ctx) => await ctx.db.query("forgotten").collect() });
export const returnsDate = queryGeneric({ args: {}, handler: async () => new Date(0) as never });
export const returnsUndefined = queryGeneric({ args: {}, handler: async () => undefined });
export const inserts = mutationGeneric({ args: { size: v.number() }, handler: async (ctx, { size }) => await ctx.db.insert("large", { text: "x".repeat(size) }) });
export const insertsFunction = mutationGeneric({ args: {}, handler: async (ctx) => await ctx.db.insert("odd", { f: (() => 1) as never }) });
export const insertsUnderscore = mutationGeneric({ args: {}, handler: async (ctx) => await ctx.db.insert("odd", { _mine: 1 }) });
export const noSuchIndex = queryGeneric({ args: {}, handler: async (ctx) => await ctx.db.query("messages").withIndex("by_nothing" as never).collect() });
export const getsNoId = queryGeneric({ args: {}, handler: async (ctx) => await ctx.db.get("nonsense" as never) });
export const patchesGone = mutationGeneric({
  args: {},
  handler: async (ctx) => {
    const id = await ctx.db.insert("odd", {});
    await ctx.db.delete(id);
    await ctx.db.patch(id, { a: 1 });
  },
});
export const callsDirectly = queryGeneric({ args: {}, handler: async (ctx) => await (needs as never as (ctx: object, args: object) => unknown)(ctx, { room: "a" }) });
export const throwsData = queryGeneric({
  args: {},
  handler: async () => {
    throw new ConvexError({ code: "closed", at: 5n });
  },
});
const deeper = () => {
  throw new RangeError("deep inside");
};
class Room {
  static async open() {
    await null;
    deeper();
  }
}
export const throwsDeep = queryGeneric({ args: {}, handler: async () => await Room.open() });
export const throwsText = queryGeneric({
  args: {},
  handler: async () => {
    throw "only text";
  },
});
