// Validators that the schema and the functions share: what a field may be, in one place.
import { v, type GenericValidator } from "convex/values";

/** Of two things, or of the one that isn't there. */
export const nullable = <V extends GenericValidator>(validator: V) => v.union(validator, v.null());

export const role = v.union(v.literal("admin"), v.literal("moderator"), v.literal("member"), v.literal("guest"));

export const postStatus = v.union(
  v.literal("draft"),
  v.literal("published"),
  v.literal("archived"),
  v.literal("trashed"),
);

export const visibility = v.union(v.literal("organization"), v.literal("people"), v.literal("author"));

export const tagGroup = v.union(
  v.literal("app"),
  v.literal("topic"),
  v.literal("decision"),
  v.literal("status"),
  v.literal("priority"),
);

/** A file of the files service; who may fetch it is decided there. */
export const attachment = v.object({
  file_id: v.string(),
  name: v.string(),
  media_type: v.string(),
  size_bytes: v.number(),
});

/** Who has reacted with it, in order. The same for all members: each finds themselves in it. */
export const reaction = v.object({ emoji: v.string(), user_ids: v.array(v.string()) });

/** As clients get it. Of a removed one there is neither text nor file. */
export const message = v.object({
  message_id: v.id("messages"),
  thread_id: v.id("threads"),
  user_id: v.string(),
  text: v.string(),
  sent_at: v.number(),
  number: v.number(),
  reply_to: nullable(v.id("messages")),
  edited_at: nullable(v.number()),
  removed_at: nullable(v.number()),
  attachments: v.array(attachment),
  reactions: v.array(reaction),
  tags: v.array(v.id("tags")),
  pinned_at: nullable(v.number()),
  /** What its author's client has called it; it means nothing of anybody else's. */
  key: nullable(v.string()),
});
