"use node";
// A file that begins with "use node" runs in Node itself: its actions may import what Node brings, and any package.
// Queries and mutations stand in other files.
import { createHash } from "node:crypto";

import { v } from "convex/values";

import { api } from "./_generated/api";
import { action } from "./_generated/server";

/** Of all readings, to tell whether two deployments have the same. */
export const current = action({
  args: { algorithm: v.union(v.literal("md5"), v.literal("sha256")) },
  handler: async (ctx, { algorithm }): Promise<string> => {
    const readings = await ctx.runQuery(api.readings.all);
    const lines = readings.map(({ city, degrees }) => `${city} ${degrees}\n`);
    return createHash(algorithm).update(lines.join("")).digest("hex");
  },
});
