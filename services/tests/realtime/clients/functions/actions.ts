// Actions as official clients call them.
import { actionGeneric as action, internalActionGeneric as internalAction, makeFunctionReference } from "convex/server";
import { ConvexError, v } from "convex/values";

type Room = { room: string };
const list = makeFunctionReference<"query", Room, string[]>("messages:list");
const send = makeFunctionReference<"mutation", Room & { body: string }>("messages:send");
const who = makeFunctionReference<"query", Record<string, never>, string | null>("messages:who");

/** Says that it has begun, and that it has ended once somebody has let it go on. */
export const slow = action({
  args: { room: v.string() },
  handler: async (ctx, { room }) => {
    await ctx.runMutation(send, { room, body: "begun" });
    while ((await ctx.runQuery(list, { room: `${room}, go on` })).length === 0) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    await ctx.runMutation(send, { room, body: "ended" });
    return "done";
  },
});

export const refuses = action({
  args: {},
  handler: async () => {
    throw new ConvexError({ code: "refused" });
  },
});

export const whoCalls = action({
  args: {},
  handler: async (ctx) => [(await ctx.auth.getUserIdentity())?.subject ?? null, await ctx.runQuery(who, {})],
});

export const hidden = internalAction({ args: {}, handler: async () => "hidden" });
