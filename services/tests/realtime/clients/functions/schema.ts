import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";

export default defineSchema({
  messages: defineTable({ room: v.string(), body: v.string() })
    .index("by_room", ["room"])
    .index("by_room_and_body", ["room", "body"])
    .searchIndex("search_body", { searchField: "body", filterFields: ["room"] }),
  accounts: defineTable({ name: v.number(), total: v.number() }).index("by_name", ["name"]),
  // One for each write that was done, with the number its client gave it.
  marks: defineTable({ client: v.string(), number: v.number(), account: v.number(), amount: v.number() }).index(
    "by_client",
    ["client", "number"],
  ),
});
