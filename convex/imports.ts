// Messages that were written elsewhere become those of a thread. `./dfworx import chat` calls these with the admin key, one
// batch after the other; a batch that comes again changes nothing, so an import that was killed is simply begun again.
import { v, type Infer } from "convex/values";

import type { Doc, Id } from "./_generated/dataModel";
import { organizationMutation } from "./access";
import type { OrganizationWriter } from "./database";
import { notFound, Refusal } from "./refusal";
import { nullable, reaction } from "./shapes";
import { findCounts, openOrganizationThread } from "./threads";

const importedMessage = v.object({
  /** Its id where it comes from. */
  source_id: v.string(),
  user_id: v.string(),
  text: v.string(),
  sent_at: v.number(),
  /** The source's id of the message it answers. */
  reply_to: nullable(v.string()),
  /** Of one that was ours elsewhere: what had become of it. */
  kept: v.optional(
    v.object({
      edited_at: nullable(v.number()),
      removed_at: nullable(v.number()),
      reactions: v.array(reaction),
      pinned_at: nullable(v.number()),
    }),
  ),
});
type ImportedMessage = Infer<typeof importedMessage>;

const outcome = v.union(v.literal("created"), v.literal("updated"), v.literal("unchanged"));
type Outcome = Infer<typeof outcome>;

/** The named thread, made when the organization has none of that name. */
export const openThread = organizationMutation({
  args: { name: v.string() },
  returns: v.id("threads"),
  handler: async (ctx, { name }) => {
    if (name.trim() === "") {
      throw new Refusal("invalid", "Give the thread a name.");
    }
    const found = await ctx.db
      .range("threads", "by_kind_and_name", (q) => q.eq("kind", "named").eq("name", name))
      .first();
    if (found !== null) {
      return found._id;
    }
    const made = { kind: "named" as const, name, post_id: null, created_by: null, archived_at: null };
    return await ctx.db.insert("threads", made);
  },
});

/** The organization's own thread, one of a post, or a named one: as it is here already, or made. In order. */
export const openThreads = organizationMutation({
  args: {
    threads: v.array(
      v.object({
        kind: v.union(v.literal("organization"), v.literal("named"), v.literal("post")),
        name: nullable(v.string()),
        post_id: nullable(v.string()),
        created_by: nullable(v.string()),
        archived_at: nullable(v.number()),
      }),
    ),
  },
  returns: v.array(v.id("threads")),
  handler: async ({ db }, { threads }) => {
    const opened: Id<"threads">[] = [];
    for (const thread of threads) {
      if (thread.kind === "organization") {
        opened.push(await openOrganizationThread(db));
        continue;
      }
      const found =
        thread.kind === "post"
          ? await db.range("threads", "by_post", (q) => q.eq("post_id", thread.post_id)).first()
          : await db.range("threads", "by_kind_and_name", (q) => q.eq("kind", "named").eq("name", thread.name)).first();
      opened.push(found?._id ?? (await db.insert("threads", thread)));
    }
    return opened;
  },
});

/** What became of each, in order. They are numbered downwards, so that they are new to nobody. What was changed or
 * removed here stays as it is here. An answer to what isn't there yet is taken without its link, and gets it when it
 * comes again. */
export const takeMessages = organizationMutation({
  args: { thread_id: v.id("threads"), messages: v.array(importedMessage) },
  returns: v.array(outcome),
  handler: async ({ db }, { thread_id, messages }) => {
    if ((await db.get("threads", thread_id)) === null) {
      throw notFound("thread");
    }
    const known = await findMessages(db, thread_id, messages);
    const counts = await findCounts(db, thread_id);
    let last_at = counts?.last_at ?? 0;
    let imported = counts?.imported ?? 0;
    const outcomes: Outcome[] = [];
    for (const message of messages) {
      const before = known.get(message.source_id);
      const { user_id, text, sent_at, source_id, kept } = message;
      const answered = message.reply_to === null ? undefined : known.get(message.reply_to);
      const reply_to = answered?._id ?? null;
      if (before === undefined) {
        imported += 1;
        last_at = Math.max(last_at, sent_at);
        const made = { ...fresh, ...kept, thread_id, user_id, text, sent_at, number: -imported, reply_to, source_id };
        known.set(source_id, { ...made, _id: await db.insert("messages", made) });
        outcomes.push("created");
      } else if (isAsBefore(before, message, reply_to)) {
        outcomes.push("unchanged");
      } else {
        const changes = { user_id, text, sent_at, reply_to: reply_to ?? before.reply_to };
        await db.patch("messages", before._id, changes);
        known.set(source_id, { ...before, ...changes });
        last_at = Math.max(last_at, sent_at);
        outcomes.push("updated");
      }
    }
    const counted = { imported, last_at };
    if (counts === null) {
      await db.insert("thread_counts", { thread_id, messages: 0, ...counted });
    } else if ((counts.imported ?? 0) !== imported || counts.last_at !== last_at) {
      await db.patch("thread_counts", counts, counted);
    }
    return outcomes;
  },
});

type Known = Omit<Doc<"messages">, "_creationTime" | "organization_id">;

const fresh = {
  edited_at: null,
  removed_at: null,
  attachments: [],
  has_file: false,
  reactions: [],
  tags: [],
  pinned_at: null,
};

/** By the source's id: those that are given, and what they answer, as far as the thread has them. */
async function findMessages(
  db: OrganizationWriter,
  thread_id: Id<"threads">,
  messages: ImportedMessage[],
): Promise<Map<string, Known>> {
  const wanted = new Set<string>();
  for (const { source_id, reply_to } of messages) {
    wanted.add(source_id);
    if (reply_to !== null) {
      wanted.add(reply_to);
    }
  }
  const found = new Map<string, Known>();
  const finding = [...wanted].map(async (source_id) => {
    const message = await db
      .range("messages", "by_thread_and_source", (q) => q.eq("thread_id", thread_id).eq("source_id", source_id))
      .unique();
    if (message !== null) {
      found.set(source_id, message);
    }
  });
  await Promise.all(finding);
  return found;
}

function isAsBefore(before: Known, message: ImportedMessage, reply_to: Id<"messages"> | null): boolean {
  if (before.edited_at !== null || before.removed_at !== null) {
    return true;
  }
  return (
    before.text === message.text &&
    before.user_id === message.user_id &&
    before.sent_at === message.sent_at &&
    (reply_to === null || before.reply_to === reply_to)
  );
}
