import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";

export default defineSchema({
  pictures: defineTable({ album: v.string(), name: v.string(), file: v.id("_storage") }).index("by_album", ["album"]),
});
