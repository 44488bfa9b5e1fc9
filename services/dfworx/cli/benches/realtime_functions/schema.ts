import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";

export default defineSchema({
  messages: defineTable({ room: v.string(), body: v.string(), number: v.number() }).index("by_room", ["room"]),
  articles: defineTable({ author: v.number(), body: v.string() })
    .index("by_author", ["author"])
    .searchIndex("search_body", { searchField: "body" }),
  posts: defineTable({ author: v.number(), title: v.string(), body: v.string() }).index("by_author", ["author"]),
});
