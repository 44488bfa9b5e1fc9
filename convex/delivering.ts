"use node";
// Telling the web service what outgoing.ts has noted.
import { v } from "convex/values";

import { internalAction } from "./access";
import { internal } from "./_generated/api";
import { askWeb } from "./web";

const DOORS = { message: ["POST", "messages"], presence: ["PUT", "presence"] } as const;
/** What the service will say again however often it is asked: the person may not, or there is no such thing. */
const REFUSED_FOR_GOOD = [400, 403, 404, 409, 413, 422];

export const deliver = internalAction({
  args: { outgoing_id: v.id("outgoing") },
  returns: v.null(),
  handler: async (ctx, { outgoing_id }) => {
    const word = await ctx.runMutation(internal.outgoing.take, { outgoing_id });
    if (word === null) {
      return null;
    }
    const { organization_id, user_id, number } = word;
    const [method, path] = DOORS[word.kind];
    let status = 0;
    try {
      ({ status } = await askWeb(organization_id, user_id, method, path, word.payload));
    } catch (error) {
      console.warn(`The web service can't be told of a ${word.kind} now: ${String(error)}`);
    }
    if (status >= 200 && status < 300) {
      await ctx.runMutation(internal.outgoing.settle, { outgoing_id, number });
    } else if (REFUSED_FOR_GOOD.includes(status)) {
      console.error(`The web service refused a ${word.kind} (${status}), and isn't told again.`);
      await ctx.runMutation(internal.outgoing.settle, { outgoing_id, number });
    } else {
      await ctx.runMutation(internal.outgoing.postpone, { outgoing_id });
    }
    return null;
  },
});
