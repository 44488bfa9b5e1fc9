// What stands beside a post goes with it: its thread with all that was said there, and its shared text. From the moment
// the post is gone nobody reaches them, since both are as closed as their post; their rows go bit by bit.
import { v } from "convex/values";

import { internal } from "./_generated/api";
import { organizationMutation } from "./access";
import { findDocument } from "./documents";
import { withdraw } from "./outgoing";
import { removeDocument } from "./saving";
import { dropTags } from "./tags";

/** Of each table, in one go: a message takes its tags and what waits to be told of it with it. */
const BATCH = 100;

export const post = organizationMutation({
  args: { post_id: v.string() },
  returns: v.null(),
  handler: async (ctx, { post_id }) => {
    const { db, organization_id } = ctx;
    if ((await db.range("posts", "by_post", (q) => q.eq("post_id", post_id)).first()) !== null) {
      // It is back.
      return null;
    }
    const document = await findDocument(db, post_id);
    if (document !== null) {
      await removeDocument(ctx, document._id);
    }
    const thread = await db.range("threads", "by_post", (q) => q.eq("post_id", post_id)).unique();
    if (thread !== null) {
      await db.delete("threads", thread);
      await ctx.scheduler.runAfter(0, internal.removing.thread, { organization_id, thread_id: thread._id });
    }
    return null;
  },
});

/** Goes on by itself until nothing of the thread is left. */
export const thread = organizationMutation({
  args: { thread_id: v.id("threads") },
  returns: v.null(),
  handler: async (ctx, { thread_id }) => {
    const { db, organization_id } = ctx;
    const messages = await db
      .range("messages", "by_thread_and_number", (q) => q.eq("thread_id", thread_id))
      .take(BATCH);
    for (const each of messages) {
      await dropTags(db, each._id);
      await withdraw(db, "message", each._id);
      await db.delete("messages", each);
    }
    const reads = await db.range("reads", "by_thread", (q) => q.eq("thread_id", thread_id)).take(BATCH);
    for (const each of reads) {
      await db.delete("reads", each);
    }
    const typing = await db.range("typing", "by_thread_and_user", (q) => q.eq("thread_id", thread_id)).take(BATCH);
    for (const each of typing) {
      await db.delete("typing", each);
    }
    const counts = await db.range("thread_counts", "by_thread", (q) => q.eq("thread_id", thread_id)).take(BATCH);
    for (const each of counts) {
      await db.delete("thread_counts", each);
    }
    if ([messages, reads, typing, counts].some((rows) => rows.length === BATCH)) {
      await ctx.scheduler.runAfter(0, internal.removing.thread, { organization_id, thread_id });
    }
    return null;
  },
});
