// Writes that are told to the host later than they are made, and queries whose rows come before they are asked for.
import { mutationGeneric, queryGeneric } from "convex/server";
import { v } from "convex/values";

const rows = (ctx: { db: { query(table: string): never } }, room: string) =>
  (ctx.db.query("messages") as unknown as { withIndex(name: string, range: (q: never) => never): AsyncIterable<{ body: string; _id: string }> }).withIndex(
    "by_room",
    (q: never) => (q as { eq(field: string, value: string): never }).eq("room", room),
  );

/** What is in a room, as this function sees it at this moment. */
async function bodies(ctx: never, room: string) {
  const found: string[] = [];
  for await (const each of rows(ctx, room)) found.push(each.body);
  return found;
}

export const many = mutationGeneric({
  args: { room: v.string(), count: v.number() },
  handler: async (ctx, { room, count }) => {
    const ids = [];
    for (let n = 0; n < count; n++) ids.push(await ctx.db.insert("messages", { room, body: String(n), n }));
    for (const [n, id] of ids.entries()) {
      if (n % 3 === 0) await ctx.db.delete(id);
      if (n % 3 === 1) await ctx.db.patch(id, { body: `patched ${String(n)}` });
      if (n % 3 === 2) await ctx.db.replace(id, { room, body: "replaced", n });
    }
    return await bodies(ctx as never, room);
  },
});

export const catches = mutationGeneric({
  args: { room: v.string() },
  handler: async (ctx, { room }) => {
    const kept = await ctx.db.insert("messages", { room, body: "kept" });
    const caught: string[] = [];
    const tries = [
      () => ctx.db.insert("messages", { room } as never),
      () => ctx.db.patch(kept, { body: 1 } as never),
      () => ctx.db.replace("nonsense" as never, { room, body: "x" } as never),
    ];
    for (const each of tries) {
      try {
        await each();
      } catch (error) {
        caught.push((error as Error).message.split(":")[0] ?? "");
        await ctx.db.insert("messages", { room, body: `after ${String(caught.length)}` });
      }
    }
    return [caught, await bodies(ctx as never, room)];
  },
});

/** The second removal of one document is refused; what comes of that hangs on nothing else. */
export const failsLate = mutationGeneric({
  args: { room: v.string() },
  handler: async (ctx, { room }) => {
    const id = await ctx.db.insert("messages", { room, body: "gone" });
    await ctx.db.delete(id);
    await ctx.db.delete(id);
    throw new Error("not reached");
  },
});

export const atOnce = mutationGeneric({
  args: { room: v.string() },
  handler: async (ctx, { room }) => {
    const [first, before, second] = await Promise.all([
      ctx.db.insert("messages", { room, body: "first" }),
      bodies(ctx as never, room),
      ctx.db.insert("messages", { room, body: "second" }),
    ]);
    return [before, (await ctx.db.get(first))?.body, (await ctx.db.get(second))?.body];
  },
});

export const insertsWhileItReads = mutationGeneric({
  args: { room: v.string() },
  handler: async (ctx, { room }) => {
    const seen: string[] = [];
    for await (const each of rows(ctx as never, room)) {
      seen.push(each.body);
      if (seen.length < 5) await ctx.db.insert("messages", { room, body: `${each.body}.` });
    }
    return seen;
  },
});

export const inside = mutationGeneric({
  args: { room: v.string() },
  handler: async (ctx, { room }) => {
    await ctx.db.insert("messages", { room, body: "outer" });
    const caught = await ctx.runMutation("later:catches" as never, { room } as never);
    await ctx.db.insert("messages", { room, body: "outer again" });
    return [caught, await bodies(ctx as never, room)];
  },
});

/** Two queries: the second is for what the first has found. */
export const newest = queryGeneric({
  args: { room: v.string() },
  handler: async (ctx, { room }) => {
    const found = await bodies(ctx as never, room);
    return [found.length, (await bodies(ctx as never, found.at(-1) ?? "nowhere")).length];
  },
});

export const mine = queryGeneric({
  args: {},
  handler: async (ctx) => {
    const identity = await ctx.auth.getUserIdentity();
    return identity ? await bodies(ctx as never, identity.subject) : [];
  },
});

/** What a message leads to: by its id, by the room that stands in it, and by its id again behind a write. */
export const follows = mutationGeneric({
  args: { id: v.id("messages") },
  handler: async (ctx, { id }) => {
    const found = await ctx.db.get("messages", id);
    if (found === null) return null;
    const led = await bodies(ctx as never, found.body as string);
    await ctx.db.patch("messages", id, { n: led.length });
    return [led, (await ctx.db.get("messages", id))?.n];
  },
});
