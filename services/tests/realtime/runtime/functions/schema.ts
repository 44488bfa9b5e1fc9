import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";

export default defineSchema({
  messages: defineTable({ room: v.string(), body: v.string(), n: v.optional(v.number()) }).index("by_room", ["room", "n"]),
  notes: defineTable({
    body: v.string(),
    room: v.optional(v.string()),
    n: v.optional(v.number()),
    at: v.optional(v.object({ kind: v.optional(v.boolean()), text: v.optional(v.string()) })),
  })
    .searchIndex("search_body", { searchField: "body", filterFields: ["room", "at.kind"] })
    .searchIndex("search_text", { searchField: "at.text" })
    .searchIndex("search_later", { searchField: "body", staged: true })
    .vectorIndex("near", { vectorField: "n", dimensions: 2 }),
  things: defineTable({
    label: v.string(),
    group: v.optional(v.string()),
    n: v.optional(v.any()),
    deep: v.optional(v.object({ x: v.optional(v.number()) })),
  })
    .index("by_group_and_n", ["group", "n"])
    .index("by_n", ["n"])
    .index("by_deep", ["deep.x"]),
  kinds: defineTable({
    choice: v.union(v.literal("a"), v.literal(1), v.literal(true)),
    list: v.array(v.number()),
    map: v.record(v.string(), v.boolean()),
    big: v.int64(),
    bytes: v.bytes(),
    nothing: v.null(),
    maybe: v.optional(v.union(v.string(), v.null())),
    owner: v.id("things"),
  }),
});
