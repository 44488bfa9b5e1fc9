// Up to where each person has read each thread. Theirs alone, and apart from what all members watch.
import { v } from "convex/values";

import { mutation, personalQuery } from "./access";
import type { Doc, Id } from "./_generated/dataModel";
import type { OrganizationWriter } from "./database";
import { requireThread } from "./readable";
import { Refusal } from "./refusal";
import { countMessages } from "./threads";

const MOST = 4000;
const thread_id = v.id("threads");

/** Never backwards, nor past the newest; the number of an imported message marks nothing. */
export const mark = mutation({
  args: { thread_id, number: v.number() },
  returns: v.null(),
  handler: async (ctx, { thread_id, number }) => {
    if (!Number.isSafeInteger(number)) {
      throw new Refusal("invalid", "A mark is the number of a message.");
    }
    await requireThread(ctx, thread_id);
    const { messages } = await countMessages(ctx.db, thread_id);
    await moveMark(ctx, thread_id, Math.max(0, Math.min(number, messages)));
    return null;
  },
});

/** This message and all behind it; what is unread already stays so. */
export const markUnread = mutation({
  args: { thread_id, number: v.number() },
  returns: v.null(),
  handler: async (ctx, { thread_id, number }) => {
    if (!Number.isSafeInteger(number) || number < 1) {
      throw new Refusal("invalid", "Only a message that was sent here can be unread.");
    }
    await requireThread(ctx, thread_id);
    const found = await findMark(ctx, thread_id);
    if (found !== null && number <= found.number) {
      await ctx.db.patch("reads", found, { number: number - 1 });
    }
    return null;
  },
});

export const mine = personalQuery({
  args: {},
  returns: v.array(v.object({ thread_id, number: v.number() })),
  handler: async (ctx) => {
    const rows = await ctx.db.range("reads", "by_user_and_thread", (q) => q.eq("user_id", ctx.user_id)).take(MOST);
    return rows.map(({ thread_id, number }) => ({ thread_id, number }));
  },
});

export async function moveMark(
  ctx: { db: OrganizationWriter; user_id: string },
  thread_id: Id<"threads">,
  number: number,
): Promise<void> {
  const { db, user_id } = ctx;
  const found = await findMark(ctx, thread_id);
  if (found === null) {
    await db.insert("reads", { user_id, thread_id, number });
  } else if (number > found.number) {
    await db.patch("reads", found, { number });
  }
}

async function findMark(
  { db, user_id }: { db: OrganizationWriter; user_id: string },
  thread_id: Id<"threads">,
): Promise<Doc<"reads"> | null> {
  return await db
    .range("reads", "by_user_and_thread", (q) => q.eq("user_id", user_id).eq("thread_id", thread_id))
    .unique();
}
