// Functions that ask for more than is their share; `asked` tells one run from the next.
import { anyApi, mutationGeneric, queryGeneric } from "convex/server";
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

function think(turns: number): number {
  let sum = 0;
  for (let turn = 0; turn < turns; turn++) sum = (sum * 31 + turn) % 1_000_003;
  return sum;
}

export const slowMutation = mutationGeneric({
  args: { turns: v.number() },
  handler: async (ctx, { turns }) => {
    await ctx.db.insert("messages", { room: "a", body: String(think(turns)) });
  },
});
/** Writes down how many there are, and thinks before each step. */
export const countSlowly = mutationGeneric({
  args: { turns: v.number() },
  handler: async (ctx, { turns }) => {
    think(turns);
    const before = await ctx.db.query("messages").collect();
    think(turns);
    const id = await ctx.db.insert("messages", { room: "a", body: "counted" });
    const written = await ctx.db.get(id);
    think(turns);
    await ctx.runMutation(anyApi.attacks.note, { id, n: before.length });
    think(turns);
    return written?._id === id;
  },
});
export const note = mutationGeneric({
  args: { id: v.id("messages"), n: v.number() },
  handler: async (ctx, { id, n }) => {
    await ctx.db.patch(id, { n });
  },
});
export const counted = queryGeneric({
  args: {},
  handler: async (ctx) => (await ctx.db.query("messages").collect()).map(({ n }) => (n as number | undefined) ?? -1),
});
