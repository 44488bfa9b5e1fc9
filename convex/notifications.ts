import { v } from "convex/values";

import { personalQuery } from "./access";
import { nullable } from "./shapes";

const LATEST = 20;
/** More are shown as so many and more. */
const MOST_COUNTED = 100;

const someId = nullable(v.string());

/** The person's own. `unread` counts to 100. */
export const live = personalQuery({
  args: {},
  returns: v.object({
    unread: v.number(),
    latest: v.array(
      v.object({
        notification_id: v.string(),
        kind: v.string(),
        actor_id: someId,
        post_id: someId,
        comment_id: someId,
        thread_id: someId,
        message_id: someId,
        created_at: v.number(),
        is_read: v.boolean(),
      }),
    ),
  }),
  handler: async (ctx) => {
    const { user_id } = ctx;
    const unread = await ctx.db
      .range("notifications", "by_user_and_read", (q) => q.eq("user_id", user_id).eq("is_read", false))
      .take(MOST_COUNTED);
    const latest = await ctx.db
      .range("notifications", "by_user_and_time", (q) => q.eq("user_id", user_id))
      .order("desc")
      .take(LATEST);
    return {
      unread: unread.length,
      latest: latest.map((each) => ({
        notification_id: each.notification_id,
        kind: each.kind,
        actor_id: each.actor_id,
        post_id: each.post_id,
        comment_id: each.comment_id,
        thread_id: each.thread_id,
        message_id: each.message_id,
        created_at: each.created_at,
        is_read: each.is_read,
      })),
    };
  },
});
