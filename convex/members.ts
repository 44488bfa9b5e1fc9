import { v } from "convex/values";

import { query } from "./access";
import type { Doc } from "./_generated/dataModel";
import { Refusal } from "./refusal";
import { nullable, role } from "./shapes";

const MOST = 8000;
/** By id, in one question. */
const MOST_NAMED = 200;

const member = v.object({
  user_id: v.string(),
  name: v.string(),
  avatar_url: nullable(v.string()),
  role,
  is_active: v.boolean(),
});

/** Also who has left: what they said is still theirs. */
export const list = query({
  args: {},
  returns: v.array(member),
  handler: async ({ db }) => (await db.range("members", "by_user").take(MOST)).map(shown),
});

/** Those of these ids that are members, or were. */
export const named = query({
  args: { user_ids: v.array(v.string()) },
  returns: v.array(member),
  handler: async ({ db }, { user_ids }) => {
    if (user_ids.length > MOST_NAMED) {
      throw new Refusal("invalid", `At most ${String(MOST_NAMED)} people are named at a time.`);
    }
    const find = (id: string) => db.range("members", "by_user", (q) => q.eq("user_id", id)).unique();
    const found = await Promise.all([...new Set(user_ids)].map(find));
    return found.filter((each) => each !== null).map(shown);
  },
});

function shown({ user_id, name, avatar_url, role, is_active }: Doc<"members">) {
  return { user_id, name, avatar_url, role, is_active };
}
