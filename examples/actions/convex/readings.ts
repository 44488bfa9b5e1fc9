// An action asks a server by fetch, with a key from the environment, and keeps the answer by a mutation that clients
// can't call. Only what goes through mutations and queries is transactional: an action may fail between two of them.
import { ConvexError, v } from "convex/values";

import { internal } from "./_generated/api";
import { action, internalMutation, query } from "./_generated/server";

export const refresh = action({
  args: { city: v.string() },
  handler: async (ctx, { city }): Promise<number> => {
    const key = process.env.WEATHER_KEY;
    if (!key) throw new ConvexError("Set WEATHER_KEY: ./dfworx realtime env set WEATHER_KEY anything");
    // Any address would do; that of our own http.ts needs no network.
    const address = `${process.env.CONVEX_SITE_URL}/weather?city=${encodeURIComponent(city)}`;
    const response = await fetch(address, { headers: { Authorization: `Bearer ${key}` } });
    if (!response.ok) throw new ConvexError(`${city}: ${await response.text()}`);
    const { degrees } = (await response.json()) as { degrees: number };
    await ctx.runMutation(internal.readings.keep, { city, degrees });
    return degrees;
  },
});

export const keep = internalMutation({
  args: { city: v.string(), degrees: v.number() },
  handler: async (ctx, { city, degrees }) => {
    const before = await ctx.db
      .query("readings")
      .withIndex("by_city", (q) => q.eq("city", city))
      .unique();
    if (before) await ctx.db.patch(before._id, { degrees });
    else await ctx.db.insert("readings", { city, degrees });
  },
});

export const all = query({
  args: {},
  handler: async (ctx) => await ctx.db.query("readings").withIndex("by_city").collect(),
});
