// Functions that ask for more than is their share; `asked` tells one run from the next.
import { mutationGeneric, queryGeneric } from "convex/server";
import { v } from "convex/values";

const args = { asked: v.number() };

async function endless(): Promise<never> {
  for (;;);
}

async function microtasks(): Promise<never> {
  for (;;) await null;
}

async function hungry(): Promise<never> {
  const kept = [];
  for (;;) kept.push(new Array(1_000_000).fill(0.5));
}

export const endlessQuery = queryGeneric({ args, handler: endless });
export const microtasksQuery = queryGeneric({ args, handler: microtasks });
export const hungryQuery = queryGeneric({ args, handler: hungry });
export const endlessMutation = mutationGeneric({ args, handler: endless });
export const microtasksMutation = mutationGeneric({ args, handler: microtasks });
export const slowMutation = mutationGeneric({
  args: { turns: v.number() },
  handler: async (ctx, { turns }) => {
    let sum = 0;
    for (let turn = 0; turn < turns; turn++) sum = (sum * 31 + turn) % 1_000_003;
    await ctx.db.insert("messages", { room: "a", body: String(sum) });
  },
});
