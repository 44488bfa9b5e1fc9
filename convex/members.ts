import { v } from "convex/values";

import { query } from "./access";
import { nullable, role } from "./shapes";

const MOST = 8000;

/** Also who has left: what they said is still theirs. */
export const list = query({
  args: {},
  returns: v.array(
    v.object({
      user_id: v.string(),
      name: v.string(),
      avatar_url: nullable(v.string()),
      role,
      is_active: v.boolean(),
    }),
  ),
  handler: async (ctx) => {
    const members = await ctx.db.range("members", "by_user").take(MOST);
    return members.map(({ user_id, name, avatar_url, role, is_active }) => ({
      user_id,
      name,
      avatar_url,
      role,
      is_active,
    }));
  },
});
