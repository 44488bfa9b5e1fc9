// The words that an organization files its messages under. They are the moderators' to make; whoever reads a message may
// put them on it.
import { v } from "convex/values";

import { mutation, organizationMutation, query, type Person } from "./access";
import { internal } from "./_generated/api";
import type { Doc, Id } from "./_generated/dataModel";
import type { OrganizationReader, OrganizationWriter } from "./database";
import { moderates, requireStandingMessage } from "./readable";
import { notFound, Refusal } from "./refusal";
import { tagGroup } from "./shapes";
import { requireName } from "./words";

const LONGEST_NAME = 40;
const MOST = 500;
const MOST_ON_A_MESSAGE = 20;
/** Messages that lose a removed tag in one go. */
const BATCH = 200;

const tag_id = v.id("tags");

export const list = query({
  args: {},
  returns: v.array(v.object({ tag_id, group: tagGroup, name: v.string() })),
  handler: async (ctx) => (await listTags(ctx.db)).map(({ _id, group, name }) => ({ tag_id: _id, group, name })),
});

export const create = mutation({
  args: { group: tagGroup, name: v.string() },
  returns: tag_id,
  handler: async (ctx, { group, ...args }) => {
    requireModerator(ctx);
    const name = await requireFreeName(ctx.db, group, args.name);
    if ((await listTags(ctx.db)).length >= MOST) {
      throw new Refusal("conflict", `There are ${MOST} tags already; remove one first.`);
    }
    return await ctx.db.insert("tags", { group, name });
  },
});

export const rename = mutation({
  args: { tag_id, name: v.string() },
  returns: v.null(),
  handler: async (ctx, { tag_id, ...args }) => {
    const tag = await requireTag(ctx.db, tag_id);
    requireModerator(ctx);
    const name = await requireFreeName(ctx.db, tag.group, args.name, tag_id);
    await ctx.db.patch("tags", tag_id, { name });
    return null;
  },
});

/** Gone at once; messages that had it lose it bit by bit. */
export const remove = mutation({
  args: { tag_id },
  returns: v.null(),
  handler: async (ctx, { tag_id }) => {
    await requireTag(ctx.db, tag_id);
    requireModerator(ctx);
    await ctx.db.delete("tags", tag_id);
    await ctx.scheduler.runAfter(0, internal.tags.clear, { organization_id: ctx.organization_id, tag_id });
    return null;
  },
});

export const clear = organizationMutation({
  args: { tag_id },
  returns: v.null(),
  handler: async (ctx, { tag_id }) => {
    const filed = await ctx.db.range("message_tags", "by_tag_and_time", (q) => q.eq("tag_id", tag_id)).take(BATCH);
    for (const row of filed) {
      await ctx.db.delete("message_tags", row);
      const message = await ctx.db.get("messages", row.message_id);
      if (message !== null) {
        await ctx.db.patch("messages", message, { tags: message.tags.filter((each) => each !== tag_id) });
      }
    }
    if (filed.length === BATCH) {
      await ctx.scheduler.runAfter(0, internal.tags.clear, { organization_id: ctx.organization_id, tag_id });
    }
    return null;
  },
});

/** These, and no others. */
export const set = mutation({
  args: { message_id: v.id("messages"), tag_ids: v.array(tag_id) },
  returns: v.null(),
  handler: async (ctx, { message_id, ...args }) => {
    const { message } = await requireStandingMessage(ctx, message_id);
    const tags = [...new Set(args.tag_ids)];
    if (tags.length > MOST_ON_A_MESSAGE) {
      throw new Refusal("invalid", `At most ${MOST_ON_A_MESSAGE} tags fit on a message.`);
    }
    for (const tag_id of tags) {
      await requireTag(ctx.db, tag_id);
    }
    await dropTags(ctx.db, message_id);
    for (const tag_id of tags) {
      await ctx.db.insert("message_tags", { tag_id, message_id, sent_at: message.sent_at });
    }
    await ctx.db.patch("messages", message, { tags });
    return null;
  },
});

/** From the lists of messages by tag; the message itself is the caller's to change. */
export async function dropTags(db: OrganizationWriter, message_id: Id<"messages">): Promise<void> {
  for (const row of await db.range("message_tags", "by_message", (q) => q.eq("message_id", message_id)).collect()) {
    await db.delete("message_tags", row);
  }
}

/** By group, then by name. */
export async function listTags(db: OrganizationReader): Promise<Doc<"tags">[]> {
  return await db.range("tags", "by_group_and_name").take(MOST);
}

function requireModerator(person: Person): void {
  if (!moderates(person)) {
    throw new Refusal("not_allowed", "Only moderators make, rename and remove tags.");
  }
}

async function requireTag(db: OrganizationReader, tag_id: Id<"tags">): Promise<Doc<"tags">> {
  const tag = await db.get("tags", tag_id);
  if (tag === null) {
    throw notFound("tag");
  }
  return tag;
}

async function requireFreeName(
  db: OrganizationReader,
  group: Doc<"tags">["group"],
  text: string,
  own?: Id<"tags">,
): Promise<string> {
  const name = requireName(text, "A tag's name", LONGEST_NAME);
  const taken = await db.range("tags", "by_group_and_name", (q) => q.eq("group", group).eq("name", name)).first();
  if (taken !== null && taken._id !== own) {
    throw new Refusal("conflict", `There is a tag named ${name} in this group already.`);
  }
  return name;
}
