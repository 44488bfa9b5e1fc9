// What people say in a thread. A message keeps its place for good: one that is removed leaves a stone without words.
import { paginationOptsValidator, paginationResultValidator, type Scheduler } from "convex/server";
import { v } from "convex/values";

import { mutation, query, type Person } from "./access";
import type { Doc, Id } from "./_generated/dataModel";
import type { OrganizationReader, OrganizationWriter } from "./database";
import { send as sendOut, withdraw } from "./outgoing";
import { moderates, requireMessage, requireStandingMessage, requireThread } from "./readable";
import { moveMark } from "./reads";
import { notFound, Refusal } from "./refusal";
import { findMessages } from "./searching";
import { attachment, message, nullable } from "./shapes";
import { dropTags } from "./tags";
import { takeNumber } from "./threads";
import { requireText } from "./words";

const LONGEST = 40_000;
const MOST_ATTACHMENTS = 20;
const MOST_ON_A_PAGE = 100;
/** On each side of the one that is jumped to. */
const AROUND = 25;
const KEY = /^[\w-]{16,64}$/u;
const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/u;

const message_id = v.id("messages");
const thread_id = v.id("threads");

/** The newest first. */
export const list = query({
  args: { thread_id, paginationOpts: paginationOptsValidator },
  returns: paginationResultValidator(message),
  handler: async (ctx, { thread_id, paginationOpts }) => {
    await requireThread(ctx, thread_id);
    const numItems = Math.min(paginationOpts.numItems, MOST_ON_A_PAGE);
    const found = await ctx.db
      .range("messages", "by_thread_and_time", (q) => q.eq("thread_id", thread_id))
      .order("desc")
      .paginate({ ...paginationOpts, numItems });
    return { ...found, page: found.page.map(tell) };
  },
});

export const get = query({
  args: { message_id },
  returns: message,
  handler: async (ctx, { message_id }) => tell((await requireMessage(ctx, message_id)).message),
});

/** For a jump: those before and after the one of this number, the newest first. */
export const around = query({
  args: { thread_id, number: v.number() },
  returns: v.array(message),
  handler: async (ctx, { thread_id, number }) => {
    await requireThread(ctx, thread_id);
    const middle = await ctx.db
      .range("messages", "by_thread_and_number", (q) => q.eq("thread_id", thread_id).eq("number", number))
      .first();
    if (middle === null) {
      throw notFound("message");
    }
    const after = await listBeside(ctx.db, middle, "after");
    const before = await listBeside(ctx.db, middle, "before");
    return [...after.reverse(), middle, ...before].map(tell);
  },
});

/** At most 50, the best first; without words the newest. See searching.ts for what `text` may hold. */
export const search = query({
  args: { text: v.string(), thread_id: v.optional(thread_id) },
  returns: v.array(message),
  handler: async (ctx, args) => (await findMessages(ctx, args.text, args.thread_id)).map(tell),
});

/** Whoever sends again under the same key gets the message that is there, whatever has become of it since. */
export const send = mutation({
  args: {
    thread_id,
    text: v.string(),
    reply_to: v.optional(nullable(message_id)),
    attachments: v.optional(v.array(attachment)),
    /** Of the client's making: 16 to 64 letters, figures, `-` and `_`. */
    key: v.optional(v.string()),
  },
  returns: message_id,
  handler: async (ctx, { thread_id, reply_to = null, attachments = [], key, ...args }) => {
    const thread = await requireThread(ctx, thread_id);
    const sent = key === undefined ? null : await findSent(ctx, thread_id, key);
    if (sent !== null) {
      return sent._id;
    }
    if (thread.archived_at !== null) {
      throw new Refusal("conflict", "This thread is archived. Who made it and moderators can open it again.");
    }
    requireAttachments(attachments);
    // A file may come without a word.
    const text = attachments.length > 0 && args.text.trim() === "" ? "" : requireText(args.text, LONGEST);
    if (reply_to !== null) {
      const answered = await requireStandingMessage(ctx, reply_to);
      if (answered.thread._id !== thread_id) {
        throw new Refusal("invalid", "An answer stands in the thread of what it answers.");
      }
    }
    const { user_id } = ctx;
    const sent_at = Date.now();
    const number = await takeNumber(ctx.db, thread_id, sent_at);
    const row = {
      thread_id,
      user_id,
      text,
      sent_at,
      number,
      reply_to,
      edited_at: null,
      removed_at: null,
      attachments,
      has_file: attachments.length > 0,
      reactions: [],
      tags: [],
      pinned_at: null,
      source_id: null,
      ...(key !== undefined && { key }),
    };
    const message_id = await ctx.db.insert("messages", row);
    await moveMark(ctx, thread_id, number);
    await tellOut(ctx, thread, { _id: message_id, ...row });
    return message_id;
  },
});

export const edit = mutation({
  args: { message_id, text: v.string() },
  returns: v.null(),
  handler: async (ctx, { message_id, ...args }) => {
    const { message, thread } = await requireStandingMessage(ctx, message_id);
    if (message.user_id !== ctx.user_id) {
      throw new Refusal("not_allowed", "Only who wrote a message may change it.");
    }
    const text = requireText(args.text, LONGEST);
    if (text !== message.text) {
      await ctx.db.patch("messages", message, { text, edited_at: Date.now() });
      await tellOut(ctx, thread, { ...message, text });
    }
    return null;
  },
});

export const remove = mutation({
  args: { message_id },
  returns: v.null(),
  handler: async (ctx, { message_id }) => {
    const { message } = await requireMessage(ctx, message_id);
    if (message.user_id !== ctx.user_id && !moderates(ctx)) {
      throw new Refusal("not_allowed", "Only moderators and who wrote a message may remove it.");
    }
    if (message.removed_at === null) {
      await dropTags(ctx.db, message_id);
      await withdraw(ctx.db, "message", message_id);
      await ctx.db.patch("messages", message, {
        text: "",
        attachments: [],
        has_file: false,
        reactions: [],
        tags: [],
        pinned_at: null,
        removed_at: Date.now(),
      });
    }
    return null;
  },
});

/** A message as its readers get it. */
export function tell(row: Doc<"messages">) {
  return {
    message_id: row._id,
    thread_id: row.thread_id,
    user_id: row.user_id,
    text: row.text,
    sent_at: row.sent_at,
    number: row.number,
    reply_to: row.reply_to,
    edited_at: row.edited_at,
    removed_at: row.removed_at,
    attachments: row.attachments,
    reactions: row.reactions,
    tags: row.tags,
    pinned_at: row.pinned_at,
    key: row.key ?? null,
  };
}

/** The nearest first. Those of the same moment stand in the order in which they were made. */
async function listBeside(
  db: OrganizationReader,
  { thread_id, sent_at, _creationTime }: Doc<"messages">,
  side: "before" | "after",
): Promise<Doc<"messages">[]> {
  const isAfter = side === "after";
  const order = isAfter ? "asc" : "desc";
  const near = await db
    .range("messages", "by_thread_and_time", (q) => {
      const moment = q.eq("thread_id", thread_id).eq("sent_at", sent_at);
      return isAfter ? moment.gt("_creationTime", _creationTime) : moment.lt("_creationTime", _creationTime);
    })
    .order(order)
    .take(AROUND);
  if (near.length === AROUND) {
    return near;
  }
  const far = await db
    .range("messages", "by_thread_and_time", (q) => {
      const thread = q.eq("thread_id", thread_id);
      return isAfter ? thread.gt("sent_at", sent_at) : thread.lt("sent_at", sent_at);
    })
    .order(order)
    .take(AROUND - near.length);
  return [...near, ...far];
}

async function findSent(
  { db, user_id }: Person & { db: OrganizationWriter },
  thread_id: Id<"threads">,
  key: string,
): Promise<Doc<"messages"> | null> {
  if (!KEY.test(key)) {
    throw new Refusal("invalid", "A key is 16 to 64 letters, figures, - and _.");
  }
  return await db
    .range("messages", "by_thread_and_key", (q) => q.eq("thread_id", thread_id).eq("user_id", user_id).eq("key", key))
    .unique();
}

function requireAttachments(attachments: Doc<"messages">["attachments"]): void {
  if (attachments.length > MOST_ATTACHMENTS) {
    throw new Refusal("invalid", `At most ${MOST_ATTACHMENTS} files fit on a message.`);
  }
  const ids = new Set(attachments.map((each) => each.file_id));
  const isGood = (each: Doc<"messages">["attachments"][number]) =>
    UUID.test(each.file_id) &&
    each.name.trim() !== "" &&
    each.name.length <= 255 &&
    each.media_type.length <= 255 &&
    Number.isSafeInteger(each.size_bytes) &&
    each.size_bytes >= 0;
  if (ids.size < attachments.length || !attachments.every(isGood)) {
    throw new Refusal("invalid", "These aren't files as the files service gives them: upload them again.");
  }
}

/** The web service tells people, and gives them the files: only of messages that may concern one as they are now. */
async function tellOut(
  ctx: Person & { db: OrganizationWriter; scheduler: Scheduler },
  thread: Doc<"threads">,
  message: Pick<Doc<"messages">, "_id" | "text" | "reply_to" | "attachments">,
): Promise<void> {
  const answered = message.reply_to && (await ctx.db.get("messages", message.reply_to));
  const file_ids = message.attachments.map((each) => each.file_id);
  const mayMention = /@|mention:/u.test(message.text);
  if (!mayMention && !answered && file_ids.length === 0) {
    await withdraw(ctx.db, "message", message._id);
    return;
  }
  await sendOut(ctx, {
    user_id: ctx.user_id,
    kind: "message",
    entity_id: message._id,
    payload: {
      message_id: message._id,
      thread_id: thread._id,
      post_id: thread.post_id,
      text: message.text,
      answers: answered ? answered.user_id : null,
      file_ids,
    },
  });
}
