// What actions find around them, and what they must not be able to do to others.
import { actionGeneric } from "convex/server";
import { v } from "convex/values";

export const fetches = actionGeneric({
  args: { url: v.string(), body: v.string() },
  handler: async (_, { url, body }) => {
    const answer = await fetch(url, { method: "POST", headers: { "x-from": "action" }, body });
    return { status: answer.status, json: await answer.json(), kind: answer.headers.get("content-type") };
  },
});
export const fetchesBytes = actionGeneric({
  args: { url: v.string() },
  handler: async (_, { url }) => await (await fetch(url)).arrayBuffer(),
});
export const fetchesStream = actionGeneric({
  args: { url: v.string() },
  handler: async (_, { url }) => {
    const parts = [];
    for await (const part of (await fetch(url)).body!.pipeThrough(new TextDecoderStream())) parts.push(part);
    return parts.join("");
  },
});
export const webInterfaces = actionGeneric({
  args: {},
  handler: async () => {
    const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode("abc"));
    const squeezed = new Blob(["hello"]).stream().pipeThrough(new CompressionStream("gzip"));
    const back = await new Response(squeezed.pipeThrough(new DecompressionStream("gzip"))).text();
    const form = new FormData();
    form.set("a", "b");
    const began = Date.now();
    await new Promise((resolve) => setTimeout(resolve, 20));
    return {
      digest,
      back,
      form: (await new Response(form).formData()).get("a"),
      waited: Date.now() - began >= 15,
      random: Math.random() !== Math.random(),
      url: new URL("/a?b=c", "https://example.org").searchParams.get("b"),
      aborted: AbortSignal.abort().aborted,
    };
  },
});
export const outside = actionGeneric({
  args: {},
  handler: async () => [typeof process.exit, typeof (globalThis as Record<string, unknown>)["require"], typeof Buffer],
});
export const colour = actionGeneric({ args: {}, handler: async () => process.env["COLOUR"] ?? null });

export const waits = actionGeneric({
  args: { ms: v.number() },
  handler: async (_, { ms }) => {
    await new Promise((resolve) => setTimeout(resolve, ms));
    return ms;
  },
});
export const loops = actionGeneric({
  args: {},
  handler: async () => {
    for (;;);
  },
});
export const loopsMicrotasks = actionGeneric({
  args: {},
  handler: async () => {
    for (;;) await null;
  },
});
export const allocates = actionGeneric({
  args: {},
  handler: async () => {
    const kept = [];
    for (;;) {
      kept.push(new Array(1_000_000).fill(Math.random()));
      await new Promise((resolve) => setTimeout(resolve, 0));
    }
  },
});
export const allocatesBytes = actionGeneric({
  args: {},
  handler: async () => {
    const kept = [];
    for (;;) {
      kept.push(new Uint8Array(16 << 20).fill(1));
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  },
});
export const strays = actionGeneric({
  args: {},
  handler: async () => {
    void Promise.reject(new Error("stray"));
    await new Promise((resolve) => setTimeout(resolve, 60_000));
  },
});
export const throwsLater = actionGeneric({
  args: {},
  handler: async () => {
    setTimeout(() => {
      throw new Error("later");
    }, 1);
    await new Promise((resolve) => setTimeout(resolve, 60_000));
  },
});
let count = 0;
/** How often this module's variable was counted up by whoever ran at once. */
export const counts = actionGeneric({
  args: { ms: v.number() },
  handler: async (_, { ms }) => {
    count = 0;
    count++;
    await new Promise((resolve) => setTimeout(resolve, ms));
    return count;
  },
});
export const halfCharacter = actionGeneric({ args: {}, handler: async () => "\ud800" });
export const large = actionGeneric({ args: { size: v.number() }, handler: async (_, { size }) => "x".repeat(size) });
