// The only door to Convex's own builders. A function made with these knows the caller's organization from the token,
// never from an argument, and reaches rows of no other. What all members see alike reads no more of the token than the
// organization, so that one run serves them all; `person` is for what differs between them.
import type { UserIdentity } from "convex/server";
import { v } from "convex/values";
import { customAction, customMutation, customQuery } from "convex-helpers/server/customFunctions";

import { internal } from "./_generated/api";
import type { Doc } from "./_generated/dataModel";
import {
  action as anyAction,
  internalAction,
  internalMutation as anyInternalMutation,
  internalQuery as anyInternalQuery,
  mutation as anyMutation,
  query as anyQuery,
  type DatabaseReader,
  type QueryCtx,
} from "./_generated/server";
import { OrganizationReader, OrganizationWriter } from "./database";
import { Refusal } from "./refusal";

export type Role = "admin" | "moderator" | "member" | "guest";

/** Who is asking, and what they may do now: a role that was just changed counts before the token's. */
export type Person = { user_id: string; role: Role };

export type Reading = {
  organization_id: string;
  db: OrganizationReader;
  /** Reading it makes the run the person's own. */
  person: () => Promise<Person>;
};

type Auth = QueryCtx["auth"];

/** For who may be signed out: what there is to know of the session without the database. */
export const anyoneQuery = customQuery(anyQuery, {
  args: {},
  input: async (ctx) => ({ ctx: { session: await findSession(ctx), db: undefined }, args: {} }),
});

/** For what all members of the organization see alike. */
export const query = customQuery(anyQuery, {
  args: {},
  input: async (ctx) => ({ ctx: await openReading(ctx), args: {} }),
});

/** For what is the person's own. */
export const personalQuery = customQuery(anyQuery, {
  args: {},
  input: async (ctx) => {
    const reading = await openReading(ctx);
    return { ctx: { ...reading, ...(await reading.person()) }, args: {} };
  },
});

export const mutation = customMutation(anyMutation, {
  args: {},
  input: async (ctx) => {
    const reading = await openReading(ctx);
    const db = new OrganizationWriter(ctx.db, reading.organization_id);
    return { ctx: { ...reading, ...(await reading.person()), db }, args: {} };
  },
});

/** Whose session has ended is refused before it begins. */
export const action = customAction(anyAction, {
  args: {},
  input: async (ctx) => {
    const identity = await requireIdentity(ctx.auth);
    const person: Person = await ctx.runQuery(internal.session.person, {});
    return { ctx: { organization_id: claim(identity, "org_id"), ...person }, args: {} };
  },
});

// For our own calls: the bridge's, an action's, the schedule's. No client reaches them. --------------------------------

/** As `query`, in an action that runs for somebody: what they hold is asked again. */
export const callersQuery = customQuery(anyInternalQuery, {
  args: {},
  input: async (ctx) => ({ ctx: await openReading(ctx), args: {} }),
});

/** In the organization that is given. */
export const organizationQuery = customQuery(anyInternalQuery, {
  args: { organization_id: v.string() },
  input: (ctx, { organization_id }) => ({
    ctx: { organization_id, db: new OrganizationReader(ctx.db, organization_id) },
    args: {},
  }),
});

/** In the organization that is given. */
export const organizationMutation = customMutation(anyInternalMutation, {
  args: { organization_id: v.string() },
  input: (ctx, { organization_id }) => ({
    ctx: { organization_id, db: new OrganizationWriter(ctx.db, organization_id) },
    args: {},
  }),
});

/** Over all organizations, for sweeps: what they find is changed by `writerFor` its own. */
export const sweepQuery = anyInternalQuery;
export const sweepMutation = anyInternalMutation;
export { internalAction };

/** In a sweep, the database of one organization. */
export function writerFor(
  ctx: { db: ConstructorParameters<typeof OrganizationWriter>[0] },
  organization_id: string,
): OrganizationWriter {
  return new OrganizationWriter(ctx.db, organization_id);
}

/** As the mirror knows them. */
export async function findMember(db: OrganizationReader, user_id: string): Promise<Doc<"members"> | null> {
  return await db.range("members", "by_user", (q) => q.eq("user_id", user_id)).unique();
}

// -----------------------------------------------------------------------------------------------------------------------

async function openReading(ctx: { auth: Auth; db: DatabaseReader }): Promise<Reading> {
  const identity = await requireIdentity(ctx.auth);
  const organization_id = claim(identity, "org_id");
  const db = new OrganizationReader(ctx.db, organization_id);
  await requireOpenSession(db, identity);
  let person: Promise<Person> | undefined;
  return { organization_id, db, person: () => (person ??= readPerson(db, identity)) };
}

async function findSession(ctx: QueryCtx): Promise<{ organization_id: string; role: Role } | null> {
  const identity = await ctx.auth.getUserIdentity();
  if (identity === null) {
    return null;
  }
  const organization_id = claim(identity, "org_id");
  const ended = await findRevocation(new OrganizationReader(ctx.db, organization_id), identity);
  return ended ? null : { organization_id, role: claim(identity, "org_role") as Role };
}

async function requireIdentity(auth: Auth): Promise<UserIdentity> {
  const identity = await auth.getUserIdentity();
  if (identity === null) {
    throw new Refusal("signed_out", "Sign in first.");
  }
  return identity;
}

async function requireOpenSession(db: OrganizationReader, identity: UserIdentity): Promise<void> {
  if (await findRevocation(db, identity)) {
    throw new Refusal("session_ended", "This session has ended. Sign in again.");
  }
}

/** Mostly there are none, and then nothing is read of who it is. */
async function findRevocation(db: OrganizationReader, identity: UserIdentity): Promise<boolean> {
  const ended = await db.range("revocations", "by_organization").collect();
  return ended.some((each) => {
    if (each.user_id !== identity.subject) {
      return false;
    }
    const session_id = claim(identity, "sid");
    return each.session_id === session_id || (each.began_until ?? "") >= session_id.slice(0, 13);
  });
}

/** Before the mirror has heard of a new member, the token counts. */
async function readPerson(db: OrganizationReader, identity: UserIdentity): Promise<Person> {
  const user_id = identity.subject;
  const member = await findMember(db, user_id);
  if (member?.is_active === false) {
    throw new Refusal("session_ended", "You are no longer a member of this organization.");
  }
  return { user_id, role: member?.role ?? (claim(identity, "org_role") as Role) };
}

function claim(identity: UserIdentity, name: "org_id" | "org_role" | "sid"): string {
  const value = identity[name];
  if (typeof value !== "string" || value === "") {
    throw new Refusal("signed_out", "This token isn't one of DFWorX. Sign in again.");
  }
  return value;
}
