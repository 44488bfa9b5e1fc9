// What Convex keeps. Every row names its organization and every index begins with it: access.ts hands out a database that
// knows one organization alone. Mirrors (the first seven) are written by the bridge from PostgreSQL, which is their home;
// `event` is the number of the outbox event that a row is of, so that a late or repeated one changes nothing.
import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";

import { attachment, nullable, postStatus, reaction, role, tagGroup, visibility } from "./shapes";

const organization_id = v.string();
const user_id = v.string();

const mirrors = {
  organizations: defineTable({ organization_id, name: v.string(), slug: v.string(), event: v.number() }).index(
    "by_organization",
    ["organization_id"],
  ),
  members: defineTable({
    organization_id,
    user_id,
    name: v.string(),
    avatar_url: nullable(v.string()),
    role,
    is_active: v.boolean(),
    event: v.number(),
  })
    .index("by_user", ["organization_id", "user_id"])
    .searchIndex("by_name", { searchField: "name", filterFields: ["organization_id"] }),
  // Who may read a post and who may change it follow from this, as its policies have it in PostgreSQL.
  posts: defineTable({
    organization_id,
    post_id: v.string(),
    user_id,
    title: v.string(),
    slug: v.string(),
    status: postStatus,
    trashed_from: nullable(postStatus),
    visibility,
    readers: v.array(v.string()),
    /** Who writes it with its author. */
    editors: v.array(v.string()),
    version: v.number(),
    event: v.number(),
  }).index("by_post", ["organization_id", "post_id"]),
  notifications: defineTable({
    organization_id,
    user_id,
    notification_id: v.string(),
    kind: v.string(),
    actor_id: nullable(v.string()),
    post_id: nullable(v.string()),
    comment_id: nullable(v.string()),
    thread_id: nullable(v.string()),
    message_id: nullable(v.string()),
    created_at: v.number(),
    is_read: v.boolean(),
    event: v.number(),
  })
    .index("by_user_and_time", ["organization_id", "user_id", "created_at"])
    .index("by_user_and_read", ["organization_id", "user_id", "is_read"])
    .index("by_notification", ["organization_id", "notification_id"]),
  // Sessions that were ended and whose tokens may still be good: one, or all of a person that began by then.
  revocations: defineTable({
    organization_id,
    user_id,
    session_id: nullable(v.string()),
    /** Of a session id, which is a UUID of version 7, the first 13 characters: they sort by time. */
    began_until: nullable(v.string()),
    expires_at: v.number(),
    event: v.number(),
  })
    .index("by_organization", ["organization_id"])
    .index("by_event", ["organization_id", "event"]),
  // By which event a row went, for a few days: a late one must not bring it back.
  departures: defineTable({ organization_id, kind: v.string(), id: v.string(), event: v.number() }).index(
    "by_kind_and_id",
    ["organization_id", "kind", "id"],
  ),
  // That the bridge has told this deployment all there is; of no organization.
  fillings: defineTable({ organization_id, filled_at: v.number() }),
};

const chat = {
  threads: defineTable({
    organization_id,
    kind: v.union(v.literal("organization"), v.literal("named"), v.literal("post")),
    name: nullable(v.string()),
    post_id: nullable(v.string()),
    created_by: nullable(v.string()),
    archived_at: nullable(v.number()),
  })
    .index("by_kind_and_name", ["organization_id", "kind", "name"])
    .index("by_post", ["organization_id", "post_id"]),
  // Apart from the thread, since each message changes it: whoever lists threads isn't run again by a message.
  thread_counts: defineTable({
    organization_id,
    thread_id: v.id("threads"),
    /** That were sent here, also those that were removed: the number of the last one. */
    messages: v.number(),
    /** That came from elsewhere; absent where there are none. */
    imported: v.optional(v.number()),
    last_at: v.number(),
  }).index("by_thread", ["organization_id", "thread_id"]),
  messages: defineTable({
    organization_id,
    thread_id: v.id("threads"),
    user_id,
    text: v.string(),
    sent_at: v.number(),
    /** Its place among all that were sent here, from 1; what read marks count by. What was imported stands before them,
     * from -1 downwards, and so is new to nobody. */
    number: v.number(),
    reply_to: nullable(v.id("messages")),
    edited_at: nullable(v.number()),
    removed_at: nullable(v.number()),
    attachments: v.array(attachment),
    has_file: v.boolean(),
    reactions: v.array(reaction),
    tags: v.array(v.id("tags")),
    pinned_at: nullable(v.number()),
    /** Of one that came from elsewhere: its id there. */
    source_id: nullable(v.string()),
    /** By which its author's client knows it again; absent of one that was sent without. */
    key: v.optional(v.string()),
  })
    .index("by_thread_and_time", ["organization_id", "thread_id", "sent_at"])
    .index("by_thread_and_number", ["organization_id", "thread_id", "number"])
    .index("by_thread_and_pin", ["organization_id", "thread_id", "pinned_at"])
    .index("by_thread_and_source", ["organization_id", "thread_id", "source_id"])
    .index("by_thread_and_key", ["organization_id", "thread_id", "user_id", "key"])
    .index("by_user_and_time", ["organization_id", "user_id", "sent_at"])
    .index("by_file_and_time", ["organization_id", "has_file", "sent_at"])
    .searchIndex("by_text", {
      searchField: "text",
      filterFields: ["organization_id", "thread_id", "user_id", "has_file"],
    }),
  tags: defineTable({ organization_id, group: tagGroup, name: v.string() }).index("by_group_and_name", [
    "organization_id",
    "group",
    "name",
  ]),
  message_tags: defineTable({
    organization_id,
    tag_id: v.id("tags"),
    message_id: v.id("messages"),
    sent_at: v.number(),
  })
    .index("by_tag_and_time", ["organization_id", "tag_id", "sent_at"])
    .index("by_message", ["organization_id", "message_id"]),
  reads: defineTable({ organization_id, user_id, thread_id: v.id("threads"), number: v.number() })
    .index("by_user_and_thread", ["organization_id", "user_id", "thread_id"])
    .index("by_thread", ["organization_id", "thread_id"]),
  typing: defineTable({ organization_id, thread_id: v.id("threads"), user_id, until: v.number() }).index(
    "by_thread_and_user",
    ["organization_id", "thread_id", "user_id"],
  ),
};

const presence = {
  // What heartbeats change, and nobody but the schedule reads.
  heartbeats: defineTable({
    organization_id,
    user_id,
    /** A tab or an app, by an id of its own making. */
    device_id: v.string(),
    seen_at: v.number(),
    is_idle: v.boolean(),
    place: nullable(v.string()),
  }).index("by_user_and_device", ["organization_id", "user_id", "device_id"]),
  presence: defineTable({
    organization_id,
    user_id,
    state: v.union(v.literal("online"), v.literal("away"), v.literal("offline")),
    /** Where: `post:ID` or `thread:ID`. */
    places: v.array(v.string()),
    changed_at: v.number(),
  })
    .index("by_user", ["organization_id", "user_id"])
    .index("by_state", ["organization_id", "state"]),
};

const editing = {
  // The text of a post while people write it, as a Yjs document. All who edit it watch this row, so it changes seldom.
  documents: defineTable({
    organization_id,
    post_id: v.string(),
    /** The number of the first update that is still there: those before it are in the snapshot alone. */
    kept_from: v.number(),
    /** Why its text can't be saved, in a sentence; null when all is well. */
    problem: nullable(v.string()),
  }).index("by_post", ["organization_id", "post_id"]),
  // What each update changes of a document, apart from it. Updates are numbered without gaps from 1.
  document_states: defineTable({
    organization_id,
    document_id: v.id("documents"),
    /** The number of the last update. */
    updates: v.number(),
    /** The snapshot holds all updates up to this number; never more than `written`. */
    snapshot: v.number(),
    /** Of the updates behind the snapshot. */
    bytes: v.number(),
    /** The post's version that was last read or written, and the last update that its text was of. */
    version: v.number(),
    written: v.number(),
    /** Updates behind `written` whose text the post has as well: edits that were made outside. */
    outside: v.array(v.number()),
    /** Up to which update the text was that may have been written on top of `version`, though no answer was recorded. */
    attempts: v.array(v.number()),
    failures: v.number(),
    changed_by: nullable(v.string()),
    /** When its text is due to be written back; null when there is nothing to write. */
    due_at: nullable(v.number()),
  })
    .index("by_document", ["organization_id", "document_id"])
    .index("by_due", ["due_at"]),
  document_updates: defineTable({
    organization_id,
    document_id: v.id("documents"),
    number: v.number(),
    update: v.bytes(),
    user_id: nullable(v.string()),
  }).index("by_document_and_number", ["organization_id", "document_id", "number"]),
  // In parts, since a document of Convex holds at most 1 MiB.
  document_snapshots: defineTable({
    organization_id,
    document_id: v.id("documents"),
    part: v.number(),
    bytes: v.bytes(),
  }).index("by_document", ["organization_id", "document_id", "part"]),
  cursors: defineTable({
    organization_id,
    document_id: v.id("documents"),
    user_id,
    client: v.number(),
    state: v.string(),
    until: v.number(),
  }).index("by_document_and_client", ["organization_id", "document_id", "client"]),
};

export default defineSchema({
  ...mirrors,
  ...chat,
  ...presence,
  ...editing,
  // What the web service must hear of, written in the mutation that made it happen; see outgoing.ts.
  outgoing: defineTable({
    organization_id,
    /** The person acting, in whose name the web service does it; null for what the organization says itself. */
    user_id: nullable(user_id),
    kind: v.union(v.literal("message"), v.literal("presence")),
    entity_id: v.string(),
    payload: v.any(),
    /** Of the newest word: whoever has told an older one tells this one next. */
    number: v.number(),
    attempts: v.number(),
    /** When it is tried; until then a delivery holds it, or it pauses. */
    due_at: v.number(),
  })
    .index("by_due", ["due_at"])
    .index("by_entity", ["organization_id", "kind", "entity_id"]),
});
