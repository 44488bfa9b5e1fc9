import { v } from "convex/values";

import { anyoneQuery, callersQuery, type Person } from "./access";
import { role } from "./shapes";

/** Whose organization the caller's token is for, and in which role; null for somebody who is signed out. */
export const current = anyoneQuery({
  args: {},
  returns: v.union(v.null(), v.object({ organization_id: v.string(), role })),
  handler: (ctx) => ctx.session,
});

/** Who an action runs for, if their session still holds. */
export const person = callersQuery({
  args: {},
  returns: v.object({ user_id: v.string(), role }),
  handler: (ctx): Promise<Person> => ctx.person(),
});
