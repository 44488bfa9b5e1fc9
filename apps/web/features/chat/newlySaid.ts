import type { Message } from "@dfworx/api/live";

import type { Shown } from "./messageWindow";

export interface News {
  count: number;
  /** Whose they are, in the order in which they spoke. */
  userIds: string[];
}

/** What others have said behind the message of this number. Of what isn't here, as somebody reads elsewhere in the thread,
 * only the newest is known by its author. */
export function newsSince({ messages, newest, hasNewer }: Shown, number: number, meId: string): News {
  const isNews = (each: Message) => each.number > number && each.user_id !== meId && each.removed_at === null;
  const news = messages.filter(isNews);
  if (!hasNewer) return { count: news.length, userIds: [...new Set(news.map((each) => each.user_id))] };
  if (newest === null || !isNews(newest)) return { count: 0, userIds: [] };
  return { count: newest.number - number, userIds: [newest.user_id] };
}
