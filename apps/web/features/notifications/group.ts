import type { Notification } from "@dfworx/api";

/** What is told in one row: of one thing, in one way, read or not, under one heading. The newest is first. */
export interface Told {
  key: string;
  newest: Notification;
  all: Notification[];
  isRead: boolean;
}

export interface Section {
  heading: string;
  told: Told[];
}

/**
 * Ten comments on a post are one row where the newest stands. What is said to oneself by name stays a row each: each
 * wants an answer of its own.
 */
export function groupNotifications(list: Notification[], headingOf: (at: string) => string): Section[] {
  const sections: Section[] = [];
  const rows = new Map<string, Told>();
  for (const each of list) {
    const heading = headingOf(each.created_at);
    const key = keyOf(each, heading);
    const row = rows.get(key);
    if (row) {
      row.all.push(each);
      continue;
    }
    const told = { key: each.notification_id, newest: each, all: [each], isRead: each.read_at !== null };
    rows.set(key, told);
    const last = sections.at(-1);
    if (last?.heading === heading) last.told.push(told);
    else sections.push({ heading, told: [told] });
  }
  return sections;
}

function keyOf({ notification_id, kind, post, read_at }: Notification, heading: string): string {
  if (kind !== "comment" || !post) return notification_id;
  return [heading, kind, post.post_id, read_at === null].join(" ");
}

/** Who did it, each once, the last first. */
export function actorsOf({ all }: Told): NonNullable<Notification["actor"]>[] {
  const actors = new Map<string, NonNullable<Notification["actor"]>>();
  for (const { actor } of all) if (actor && !actors.has(actor.user_id)) actors.set(actor.user_id, actor);
  return [...actors.values()];
}
