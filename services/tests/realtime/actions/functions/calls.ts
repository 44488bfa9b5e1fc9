// Actions that call functions of their deployment.
import { actionGeneric, internalActionGeneric, makeFunctionReference } from "convex/server";
import { ConvexError, v } from "convex/values";

const list = makeFunctionReference<"query", Record<string, never>, string[]>("notes:list");
const add = makeFunctionReference<"mutation", { body: string }>("notes:addInside");
const refuse = makeFunctionReference<"mutation", { body: string }>("notes:refuse");
const whoAsks = makeFunctionReference<"query", Record<string, never>, string | null>("notes:whoAsks");
const deeper = makeFunctionReference<"action", { depth: number }, number>("calls:inside");
const body = { body: v.string() };

export const addAndList = actionGeneric({
  args: body,
  returns: v.array(v.string()),
  handler: async (ctx, { body }) => {
    await ctx.runMutation(add, { body });
    return await ctx.runQuery(list, {});
  },
});
/** A mutation that fails takes back its own writes and nothing of those before it. */
export const addTwiceAndFail = actionGeneric({
  args: body,
  handler: async (ctx, { body }) => {
    await ctx.runMutation(add, { body });
    await ctx.runMutation(refuse, { body: `${body} again` });
  },
});
export const catches = actionGeneric({
  args: body,
  handler: async (ctx, { body }) => {
    try {
      await ctx.runMutation(refuse, { body });
    } catch (error) {
      return error instanceof ConvexError ? error.data : "something else";
    }
  },
});
export const throwsData = actionGeneric({
  args: {},
  handler: async () => {
    throw new ConvexError({ code: "own", count: 5n });
  },
});
export const throwsError = actionGeneric({
  args: {},
  handler: async () => {
    throw new TypeError("boom");
  },
});
export const wrongKind = actionGeneric({
  args: {},
  handler: async (ctx) => await ctx.runMutation(makeFunctionReference<"mutation">("notes:list"), {}),
});
export const wrongArgs = actionGeneric({
  args: {},
  handler: async (ctx) => await ctx.runMutation(makeFunctionReference<"mutation">("notes:add"), { body: 5 }),
});
export const nothingThere = actionGeneric({
  args: {},
  handler: async (ctx) => await ctx.runQuery(makeFunctionReference<"query">("notes:missing"), {}),
});
export const inside = internalActionGeneric({
  args: { depth: v.number() },
  handler: async (ctx, { depth }): Promise<number> =>
    depth === 0 ? 0 : 1 + (await ctx.runAction(deeper, { depth: depth - 1 })),
});
export const deep = actionGeneric({
  args: { depth: v.number() },
  handler: async (ctx, args): Promise<number> => await ctx.runAction(deeper, args),
});
/** Who is asking, here and in what it calls, before and after it has waited. */
export const who = actionGeneric({
  args: { ms: v.number() },
  handler: async (ctx, { ms }): Promise<(string | null)[]> => {
    const before = (await ctx.auth.getUserIdentity())?.subject ?? null;
    await new Promise((resolve) => setTimeout(resolve, ms));
    const after = (await ctx.auth.getUserIdentity())?.subject ?? null;
    return [before, after, await ctx.runQuery(whoAsks, {})];
  },
});
export const speaks = actionGeneric({
  args: {},
  handler: async () => {
    console.log("plain", { list: [1, 2n, null] });
    await new Promise((resolve) => setTimeout(resolve, 1));
    console.error("later");
  },
});
export const component = actionGeneric({
  args: {},
  handler: async (ctx) => {
    const { componentsGeneric } = await import("convex/server");
    const components = componentsGeneric() as unknown as { presence: { public: { list: typeof list } } };
    return await ctx.runQuery(components.presence.public.list, {});
  },
});
/** Ends once this has been noted. */
export const untilNoted = actionGeneric({
  args: body,
  handler: async (ctx, { body }) => {
    while (!(await ctx.runQuery(list, {})).includes(body)) await new Promise((resolve) => setTimeout(resolve, 10));
    return body;
  },
});
export const manyQueries = actionGeneric({
  args: { count: v.number() },
  handler: async (ctx, { count }) =>
    (await Promise.all(Array.from({ length: count }, () => ctx.runQuery(list, {})))).length,
});
