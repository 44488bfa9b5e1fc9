"use node";
// What needs Node itself.
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import os from "node:os";

import { actionGeneric, internalActionGeneric, makeFunctionReference } from "convex/server";
import { v } from "convex/values";

export const hash = actionGeneric({
  args: { text: v.string() },
  returns: v.string(),
  handler: async (_, { text }) => createHash("sha256").update(Buffer.from(text)).digest("hex"),
});
export const reads = internalActionGeneric({
  args: { file: v.string() },
  handler: async (_, { file }) => (await readFile(file, "utf8")).length,
});
export const colour = actionGeneric({
  args: {},
  handler: async () => [process.env["COLOUR"] ?? null, process.env["HOME"] ?? null, typeof os.cpus],
});
export const lists = actionGeneric({
  args: {},
  handler: async (ctx) => await ctx.runQuery(makeFunctionReference<"query">("notes:list"), {}),
});
export const leaves = actionGeneric({ args: {}, handler: async () => process.exit(0) });
export const pid = actionGeneric({ args: {}, handler: async () => process.pid });
