// Copies of what PostgreSQL is the home of, written by the worker's bridge and by nobody else. Every change comes with the
// number of its outbox event, and numbers of one row are in the order of its changes: what is older than the copy changes
// nothing, so events may come late, twice and in any order. What is gone leaves its number behind for a while, or a late
// event would bring it back.
import type { Scheduler } from "convex/server";
import { v, type Infer } from "convex/values";

import { organizationMutation, sweepMutation, sweepQuery, writerFor } from "./access";
import { internal } from "./_generated/api";
import type { Doc } from "./_generated/dataModel";
import type { OrganizationReader, OrganizationWriter } from "./database";
import { nullable, postStatus, role, visibility } from "./shapes";
import { openOrganizationThread } from "./threads";

const PRUNED_AT_ONCE = 200;
const GONE_MS = 3 * 24 * 3_600_000;
/** The organization of what concerns them all; no organization has it. */
const ALL = "00000000-0000-0000-0000-000000000000";

// A part says all that there is between two ids: what else the mirror has there, and is older than `before`, goes.
const span = v.object({ after: nullable(v.string()), until: nullable(v.string()), before: v.number() });
const part = { event: v.number(), gone: v.array(v.string()), span: v.optional(span) };
const kind = v.union(v.literal("user"), v.literal("post"), v.literal("notification"));

type Kind = Infer<typeof kind>;
type Part = { event: number; gone: string[]; span?: Infer<typeof span> | undefined };
type Ctx = { organization_id: string; db: OrganizationWriter; scheduler: Scheduler };

const PLACES = {
  user: { table: "members", index: "by_user", id: "user_id" },
  post: { table: "posts", index: "by_post", id: "post_id" },
  notification: { table: "notifications", index: "by_notification", id: "notification_id" },
} as const;

export const organization = organizationMutation({
  args: { ...part, rows: v.array(v.object({ id: v.string(), name: v.string(), slug: v.string() })) },
  returns: v.null(),
  handler: async (ctx, { event, rows }) => {
    for (const { name, slug } of rows) {
      const there = await ctx.db.range("organizations", "by_organization").unique();
      if (there === null) {
        await ctx.db.insert("organizations", { name, slug, event });
      } else if (there.event < event) {
        await ctx.db.patch("organizations", there, { name, slug, event });
      }
    }
    if (rows.length > 0) {
      await openOrganizationThread(ctx.db);
    }
    return null;
  },
});

const user = v.object({
  ...{ id: v.string(), name: v.string(), avatar_url: nullable(v.string()), role, is_active: v.boolean() },
});

/** `ends` is for those who were active until now: which of their sessions, and until when a token of one may be good. */
export const users = organizationMutation({
  args: { ...part, rows: v.array(user), ends: v.object({ began_until: v.string(), expires_at: v.number() }) },
  returns: v.null(),
  handler: async (ctx, { rows, ends, ...its }) => {
    for (const { id, ...row } of rows) {
      const there = await findOlder(ctx.db, "user", id, its.event);
      if (there === undefined) {
        continue;
      }
      if (there === null) {
        await ctx.db.insert("members", { ...row, user_id: id, event: its.event });
      } else {
        const member = there as Doc<"members">;
        await ctx.db.patch("members", member, { ...row, event: its.event });
        if (member.is_active && !row.is_active) {
          await end(ctx, { user_id: id, session_id: null, ...ends, event: its.event });
        }
      }
    }
    await takeAway(ctx, "user", its);
    return null;
  },
});

const post = v.object({
  ...{ id: v.string(), user_id: v.string(), title: v.string(), slug: v.string(), status: postStatus },
  ...{ trashed_from: nullable(postStatus), visibility, readers: v.array(v.string()), version: v.number() },
  editors: v.array(v.string()),
});

export const posts = organizationMutation({
  args: { ...part, rows: v.array(post) },
  returns: v.null(),
  handler: async (ctx, { rows, ...its }) => {
    for (const { id, ...row } of rows) {
      const there = await findOlder(ctx.db, "post", id, its.event);
      if (there === undefined) {
        continue;
      }
      if (there === null) {
        await ctx.db.insert("posts", { ...row, post_id: id, event: its.event });
      } else {
        const before = there as Doc<"posts">;
        await ctx.db.patch("posts", before, { ...row, event: its.event });
        await tellDocument(ctx, before, row);
      }
    }
    await takeAway(ctx, "post", its);
    return null;
  },
});

const notification = v.object({
  ...{ id: v.string(), user_id: v.string(), kind: v.string(), actor_id: nullable(v.string()) },
  ...{ post_id: nullable(v.string()), comment_id: nullable(v.string()), thread_id: nullable(v.string()) },
  ...{ message_id: nullable(v.string()), created_at: v.number(), is_read: v.boolean() },
});

export const notifications = organizationMutation({
  args: { ...part, rows: v.array(notification) },
  returns: v.null(),
  handler: async (ctx, { rows, ...its }) => {
    for (const { id, ...row } of rows) {
      const there = await findOlder(ctx.db, "notification", id, its.event);
      if (there === null) {
        await ctx.db.insert("notifications", { ...row, notification_id: id, event: its.event });
      } else if (there !== undefined) {
        await ctx.db.patch("notifications", there as Doc<"notifications">, { ...row, event: its.event });
      }
    }
    await takeAway(ctx, "notification", its);
    return null;
  },
});

/** One session of a person, or all that began by a moment. */
export const revoke = organizationMutation({
  args: {
    ...{ event: v.number(), user_id: v.string(), session_id: nullable(v.string()) },
    ...{ began_until: nullable(v.string()), expires_at: v.number() },
  },
  returns: v.null(),
  handler: async (ctx, revocation) => {
    const { event } = revocation;
    const told = await ctx.db.range("revocations", "by_event", (q) => q.eq("event", event)).first();
    if (told === null) {
      await end(ctx, revocation);
    }
    return null;
  },
});

/** No token of it is good any more. */
export const forget = organizationMutation({
  args: { revocation_id: v.id("revocations") },
  returns: v.null(),
  handler: async (ctx, { revocation_id }) => {
    if ((await ctx.db.get("revocations", revocation_id)) !== null) {
      await ctx.db.delete("revocations", revocation_id);
    }
    return null;
  },
});

/** Goes on by itself until nothing of the span is left that is older. */
export const prune = organizationMutation({
  args: { kind, ...span.fields },
  returns: v.null(),
  handler: async (ctx, { kind, after, until, before }) => {
    const some = await range(ctx.db, kind, after, until).take(PRUNED_AT_ONCE);
    for (const row of some) {
      if (row.event < before) {
        await ctx.db.delete(PLACES[kind].table, row._id as never);
        await removeBeside(ctx, kind, idOf(kind, row));
      }
    }
    const last = some.at(-1);
    if (last !== undefined && some.length === PRUNED_AT_ONCE) {
      const { organization_id } = ctx;
      const rest = { organization_id, kind, after: idOf(kind, last), until, before };
      await ctx.scheduler.runAfter(0, internal.mirror.prune, rest);
    }
    return null;
  },
});

/** Whether all of PostgreSQL was ever told to this deployment. */
export const isFilled = sweepQuery({
  args: {},
  returns: v.boolean(),
  handler: async (ctx) => (await ctx.db.query("fillings").first()) !== null,
});

export const filled = sweepMutation({
  args: {},
  returns: v.null(),
  handler: async (ctx) => {
    await writerFor(ctx, ALL).insert("fillings", { filled_at: Date.now() });
    return null;
  },
});

/** By the clock: of what has long been gone no event is on its way any more. */
export const sweep = sweepMutation({
  args: {},
  returns: v.null(),
  handler: async (ctx) => {
    const oldest = await ctx.db.query("departures").order("asc").take(1000);
    for (const row of oldest.filter((each) => each._creationTime < Date.now() - GONE_MS)) {
      await writerFor(ctx, row.organization_id).delete("departures", row);
    }
    return null;
  },
});

// -----------------------------------------------------------------------------------------------------------------------

/** Not what was never heard of. */
export async function hasGone(db: OrganizationReader, kind: Kind, id: string): Promise<boolean> {
  return (await find(db, kind, id)) === null && (await findDeparture(db, kind, id)) !== null;
}

/** The copy; null when there is none yet, undefined when the event is older than what is known. */
async function findOlder(db: OrganizationReader, kind: Kind, id: string, event: number) {
  const there = await find(db, kind, id);
  if (there !== null) {
    return there.event < event ? there : undefined;
  }
  const departed = await findDeparture(db, kind, id);
  return departed === null || departed.event < event ? null : undefined;
}

async function takeAway(ctx: Ctx, kind: Kind, { event, gone, span }: Part): Promise<void> {
  for (const id of gone) {
    const there = await findOlder(ctx.db, kind, id, event);
    if (there === undefined) {
      continue;
    }
    if (there !== null) {
      await ctx.db.delete(PLACES[kind].table, there._id as never);
    }
    const departed = await findDeparture(ctx.db, kind, id);
    if (departed !== null) {
      await ctx.db.delete("departures", departed);
    }
    await ctx.db.insert("departures", { kind, id, event });
    await removeBeside(ctx, kind, id);
  }
  if (span !== undefined) {
    const { organization_id } = ctx;
    await ctx.scheduler.runAfter(0, internal.mirror.prune, { organization_id, kind, ...span });
  }
}

/** A post has things beside it, also one that was never heard of here. */
async function removeBeside({ scheduler, organization_id }: Ctx, kind: Kind, id: string): Promise<void> {
  if (kind === "post") {
    await scheduler.runAfter(0, internal.removing.post, { organization_id, post_id: id });
  }
}

/** A text that is open must hear of what happens to its post. */
async function tellDocument(ctx: Ctx, before: Doc<"posts">, after: { status: string; version: number }): Promise<void> {
  const { organization_id } = ctx;
  const { post_id } = before;
  if ((await ctx.db.range("documents", "by_post", (q) => q.eq("post_id", post_id)).first()) === null) {
    return;
  }
  if (after.version > before.version) {
    const { version } = after;
    await ctx.scheduler.runAfter(0, internal.documents.changedOutside, { organization_id, post_id, version });
  }
  if (after.status === "published" && before.status !== "published") {
    await ctx.scheduler.runAfter(0, internal.documents.published, { organization_id, post_id });
  }
}

async function end(ctx: Ctx, revocation: Omit<Doc<"revocations">, "_id" | "_creationTime" | "organization_id">) {
  if (revocation.expires_at > Date.now()) {
    const revocation_id = await ctx.db.insert("revocations", revocation);
    const { organization_id } = ctx;
    await ctx.scheduler.runAt(revocation.expires_at, internal.mirror.forget, { organization_id, revocation_id });
  }
}

async function findDeparture(db: OrganizationReader, kind: Kind, id: string) {
  return await db.range("departures", "by_kind_and_id", (q) => q.eq("kind", kind).eq("id", id)).unique();
}

type Copy = Doc<"members"> | Doc<"posts"> | Doc<"notifications">;
type Ids = { gt: (field: string, id: string) => Ids; lte: (field: string, id: string) => Ids };

async function find(db: OrganizationReader, kind: Kind, id: string): Promise<Copy | null> {
  const place = PLACES[kind];
  return await db
    .range(place.table as "posts", place.index as "by_post", (q) => q.eq(place.id as "post_id", id))
    .unique();
}

function range(db: OrganizationReader, kind: Kind, after: string | null, until: string | null) {
  const place = PLACES[kind];
  return db.range(place.table as "posts", place.index as "by_post", (q) => {
    const behind = (q as unknown as Ids).gt(place.id, after ?? "");
    return (until === null ? behind : behind.lte(place.id, until)) as never;
  });
}

function idOf(kind: Kind, row: Copy): string {
  return (row as unknown as Record<string, string>)[PLACES[kind].id] ?? "";
}
