// What functions find around them.
import { mutationGeneric, queryGeneric } from "convex/server";

export const chance = queryGeneric({ args: {}, handler: async () => [Math.random(), Math.random(), crypto.randomUUID()] });
export const clock = queryGeneric({
  args: {},
  handler: async () => [Date.now(), new Date().getTime(), new Date(5).getTime(), performance.now()],
});
export const speak = queryGeneric({
  args: {},
  handler: async () => {
    console.log("plain", { list: [1, 2n, null], deep: { text: "x" } });
    console.error(new Error("told").message);
    for (let n = 0; n < 300; n++) console.info(n);
  },
});
export const fetching = queryGeneric({ args: {}, handler: async () => await fetch("https://example.org") });
export const later = mutationGeneric({ args: {}, handler: async () => setTimeout(() => {}, 1) });
export const claim = queryGeneric({
  args: {},
  handler: async (ctx) => (await ctx.auth.getUserIdentity())?.["org_id"] ?? null,
});
export const wholeIdentity = queryGeneric({
  args: {},
  handler: async (ctx) => ({ ...(await ctx.auth.getUserIdentity()) }),
});
export const outside = queryGeneric({
  args: {},
  handler: async () => [typeof (globalThis as Record<string, unknown>)["require"], typeof globalThis.process?.exit, process.env["COLOUR"] ?? null],
});
export const bytes = queryGeneric({
  args: {},
  handler: async () => [new TextEncoder().encode("é").buffer, new TextDecoder().decode(new Uint8Array([195, 169])), atob("aGk=")],
});
export const boom = queryGeneric({
  args: {},
  handler: async () => {
    throw new TypeError("boom");
  },
});
export const never = queryGeneric({ args: {}, handler: async () => await new Promise(() => {}) });
export const stray = queryGeneric({
  args: {},
  handler: async () => {
    void Promise.reject(new Error("stray"));
    return 1;
  },
});
export const endless = queryGeneric({
  args: {},
  handler: async () => {
    for (;;);
  },
});
export const endlessMicrotasks = queryGeneric({
  args: {},
  handler: async () => {
    for (;;) await null;
  },
});
export const endlessWrite = mutationGeneric({
  args: {},
  handler: async (ctx) => {
    await ctx.db.insert("messages", { room: "a", body: "never" });
    for (;;);
  },
});
export const hungry = queryGeneric({
  args: {},
  handler: async () => {
    const kept = [];
    for (;;) kept.push(new Array(1_000_000).fill(Math.random()));
  },
});
export default queryGeneric({ args: {}, handler: async () => "the default one" });
export const manyRanges = queryGeneric({
  args: {},
  handler: async (ctx) => await Promise.all(Array.from({ length: 4097 }, () => ctx.db.query("messages").first())),
});
export const values = queryGeneric({
  args: {},
  handler: async () => ({ big: 5n, bytes: new Uint8Array([1, 2]).buffer, endless: Infinity, whole: 3 }),
});
