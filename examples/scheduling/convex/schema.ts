import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";

export default defineSchema({
  reminders: defineTable({
    owner: v.string(),
    text: v.string(),
    state: v.union(v.literal("waits"), v.literal("rang"), v.literal("rang and was put away")),
    job: v.optional(v.id("_scheduled_functions")),
  })
    .index("by_owner", ["owner"])
    .index("by_state", ["state"]),
});
