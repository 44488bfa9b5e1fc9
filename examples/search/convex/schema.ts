import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";

export default defineSchema({
  recipes: defineTable({ book: v.string(), kind: v.string(), text: v.string() }).searchIndex("by_text", {
    searchField: "text",
    filterFields: ["book", "kind"],
  }),
});
