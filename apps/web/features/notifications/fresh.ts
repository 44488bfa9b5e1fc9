import type { LiveNotifications } from "@dfworx/api/live";

type Latest = LiveNotifications["latest"];

/** What has come since, unread, the newest first: what was there before and what is older than it is not told again. */
export function freshIn(before: Latest, now: Latest): Latest {
  const known = new Set(before.map((each) => each.notification_id));
  const since = Math.max(0, ...before.map((each) => each.created_at));
  return now.filter((each) => !each.is_read && !known.has(each.notification_id) && each.created_at >= since);
}
