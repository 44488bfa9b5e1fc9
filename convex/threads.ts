// Where people talk: one thread of the whole organization, those that somebody has named, and one beside each post.
import { v, type Infer } from "convex/values";

import { mutation, personalQuery, query, type Person, type Reading } from "./access";
import type { Doc, Id } from "./_generated/dataModel";
import type { OrganizationReader, OrganizationWriter } from "./database";
import { findReadablePost, moderates, requireReadablePost, requireThread } from "./readable";
import { Refusal } from "./refusal";
import { nullable } from "./shapes";
import { requireName } from "./words";

const LONGEST_NAME = 80;
/** Of an organization: whoever lists them reads all. */
const MOST_NAMED = 1000;
/** Of the threads where somebody has been, and of those among them that are shown: each is read. */
const MOST_MARKS = 500;
const MOST_BESIDE = 30;

const thread_id = v.id("threads");
const tally = v.object({
  thread_id,
  messages: v.number(),
  imported: v.number(),
  last_at: nullable(v.number()),
});

const besidePost = v.object({
  ...tally.fields,
  kind: v.literal("post"),
  /** The post's title. */
  name: v.string(),
  slug: v.string(),
  created_by: nullable(v.string()),
  archived_at: nullable(v.number()),
});

/** All but those of posts, the organization's own first and then by name. */
export const list = query({
  args: {},
  returns: v.array(
    v.object({
      thread_id,
      kind: v.union(v.literal("organization"), v.literal("named")),
      name: nullable(v.string()),
      created_by: nullable(v.string()),
      archived_at: nullable(v.number()),
    }),
  ),
  handler: async (ctx) =>
    (await listOpenThreads(ctx.db)).map(({ _id, kind, name, created_by, archived_at }) => ({
      thread_id: _id,
      kind: kind as "organization" | "named",
      name,
      created_by,
      archived_at,
    })),
});

/** The thread of a post, made when somebody first opens it. */
export const forPost = mutation({
  args: { post_id: v.string() },
  returns: thread_id,
  handler: async (ctx, { post_id }) => {
    await requireReadablePost(ctx, post_id);
    const found = await ctx.db.range("threads", "by_post", (q) => q.eq("post_id", post_id)).unique();
    return found?._id ?? (await insertThread(ctx.db, { kind: "post", post_id, created_by: ctx.user_id }));
  },
});

export const create = mutation({
  args: { name: v.string() },
  returns: thread_id,
  handler: async (ctx, args) => {
    const name = await requireFreeName(ctx.db, args.name);
    const named = await ctx.db.range("threads", "by_kind_and_name", (q) => q.eq("kind", "named")).take(MOST_NAMED);
    if (named.length === MOST_NAMED) {
      throw new Refusal("conflict", `There are ${MOST_NAMED} threads already. Give one of them a new name instead.`);
    }
    return await insertThread(ctx.db, { kind: "named", name, created_by: ctx.user_id });
  },
});

export const rename = mutation({
  args: { thread_id, name: v.string() },
  returns: v.null(),
  handler: async (ctx, args) => {
    const thread = await requireOwnThread(ctx, args.thread_id);
    const name = await requireFreeName(ctx.db, args.name, thread._id);
    await ctx.db.patch("threads", thread, { name });
    return null;
  },
});

export const archive = mutation({
  args: { thread_id, is_archived: v.boolean() },
  returns: v.null(),
  handler: async (ctx, { thread_id, is_archived }) => {
    const thread = await requireOwnThread(ctx, thread_id);
    if ((thread.archived_at !== null) !== is_archived) {
      await ctx.db.patch("threads", thread, { archived_at: is_archived ? Date.now() : null });
    }
    return null;
  },
});

/** Of all that `list` gives. What somebody hasn't read is what is left of `messages` behind their mark; what was imported
 * counts as read. */
export const counts = query({
  args: {},
  returns: v.array(tally),
  handler: async (ctx) => {
    const threads = await listOpenThreads(ctx.db);
    return await Promise.all(threads.map((each) => countMessages(ctx.db, each._id)));
  },
});

export const count = query({
  args: { thread_id },
  returns: tally,
  handler: async (ctx, { thread_id }) => {
    const thread = await requireThread(ctx, thread_id);
    return await countMessages(ctx.db, thread._id);
  },
});

/** Of the thread beside a post; null as long as nobody has opened it. */
export const countForPost = query({
  args: { post_id: v.string() },
  returns: v.union(tally, v.null()),
  handler: async (ctx, { post_id }) => {
    await requireReadablePost(ctx, post_id);
    const thread = await ctx.db.range("threads", "by_post", (q) => q.eq("post_id", post_id)).unique();
    return thread && (await countMessages(ctx.db, thread._id));
  },
});

/** Beside posts that the person may read: where they have been, the last word first. */
export const besidePosts = personalQuery({
  args: {},
  returns: v.array(besidePost),
  handler: async (ctx) => {
    const marks = await ctx.db
      .range("reads", "by_user_and_thread", (q) => q.eq("user_id", ctx.user_id))
      .take(MOST_MARKS);
    const found = await Promise.all(marks.map((each) => findBesidePost(ctx, each.thread_id)));
    return found
      .filter((each) => each !== null)
      .sort((one, other) => (other.last_at ?? 0) - (one.last_at ?? 0))
      .slice(0, MOST_BESIDE);
  },
});

/** The one of the whole organization, which it has from its first day. */
export async function openOrganizationThread(db: OrganizationWriter): Promise<Id<"threads">> {
  const found = await db.range("threads", "by_kind_and_name", (q) => q.eq("kind", "organization")).unique();
  return found?._id ?? (await insertThread(db, { kind: "organization" }));
}

/** The number of the thread's next message, which from now on is taken. */
export async function takeNumber(db: OrganizationWriter, thread_id: Id<"threads">, sent_at: number): Promise<number> {
  const row = await findCounts(db, thread_id);
  if (row === null) {
    await db.insert("thread_counts", { thread_id, messages: 1, last_at: sent_at });
    return 1;
  }
  const messages = row.messages + 1;
  await db.patch("thread_counts", row, { messages, last_at: Math.max(row.last_at, sent_at) });
  return messages;
}

export async function countMessages(db: OrganizationReader, thread_id: Id<"threads">) {
  const row = await findCounts(db, thread_id);
  const { messages = 0, imported = 0, last_at = null } = row ?? {};
  return { thread_id, messages, imported, last_at };
}

export async function findCounts(
  db: OrganizationReader,
  thread_id: Id<"threads">,
): Promise<Doc<"thread_counts"> | null> {
  return await db.range("thread_counts", "by_thread", (q) => q.eq("thread_id", thread_id)).unique();
}

async function findBesidePost(ctx: Reading, thread_id: Id<"threads">): Promise<Infer<typeof besidePost> | null> {
  const thread = await ctx.db.get("threads", thread_id);
  const post = thread?.post_id == null ? null : await findReadablePost(ctx, thread.post_id);
  if (thread === null || post === null) {
    return null;
  }
  const { created_by, archived_at } = thread;
  const { title: name, slug } = post;
  return { ...(await countMessages(ctx.db, thread_id)), kind: "post", name, slug, created_by, archived_at };
}

async function listOpenThreads(db: OrganizationReader): Promise<Doc<"threads">[]> {
  const own = await db.range("threads", "by_kind_and_name", (q) => q.eq("kind", "organization")).collect();
  const named = await db.range("threads", "by_kind_and_name", (q) => q.eq("kind", "named")).take(MOST_NAMED);
  return [...own, ...named];
}

async function insertThread(
  db: OrganizationWriter,
  thread: Pick<Doc<"threads">, "kind"> & Partial<Pick<Doc<"threads">, "name" | "post_id" | "created_by">>,
): Promise<Id<"threads">> {
  return await db.insert("threads", { name: null, post_id: null, created_by: null, archived_at: null, ...thread });
}

/** Moderators' are all that have a name; its maker's is theirs. */
async function requireOwnThread(
  ctx: Person & Parameters<typeof requireThread>[0],
  thread_id: Id<"threads">,
): Promise<Doc<"threads">> {
  const thread = await requireThread(ctx, thread_id);
  if (thread.kind !== "named") {
    throw new Refusal(
      "not_allowed",
      "This thread has neither a name nor an end: it belongs to the organization or a post.",
    );
  }
  if (!moderates(ctx) && thread.created_by !== ctx.user_id) {
    throw new Refusal("not_allowed", "Only moderators and who made this thread may change it.");
  }
  return thread;
}

async function requireFreeName(db: OrganizationReader, text: string, own?: Id<"threads">): Promise<string> {
  const name = requireName(text, "A thread's name", LONGEST_NAME);
  const taken = await db.range("threads", "by_kind_and_name", (q) => q.eq("kind", "named").eq("name", name)).first();
  if (taken !== null && taken._id !== own) {
    throw new Refusal("conflict", `There is a thread named ${name} already.`);
  }
  return name;
}
