import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";

export default defineSchema({
  readings: defineTable({ city: v.string(), degrees: v.number() }).index("by_city", ["city"]),
});
