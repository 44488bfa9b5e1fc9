// Who is here, and where. Every device of a person says so every 20 seconds; what that changes most of the time is a row
// that nobody subscribes to. As long as a person has such rows, one check of theirs is scheduled: for when the device that
// was silent for longest has been so for too long. The check that finds none left is their last.
import type { Scheduler } from "convex/server";
import { v } from "convex/values";

import { internal } from "./_generated/api";
import type { Doc } from "./_generated/dataModel";
import { mutation, organizationMutation, query, type Person } from "./access";
import type { OrganizationReader, OrganizationWriter } from "./database";
import { send } from "./outgoing";
import { findReadablePost, findReadableThread } from "./readable";
import { Refusal } from "./refusal";
import { nullable } from "./shapes";

/** How long a device that says nothing counts as there: two heartbeats may be lost. */
const PATIENCE_MS = 45_000;
/** Of a person, at a time: each is read with each heartbeat of theirs. */
const MOST_DEVICES = 50;
const LONGEST_ID = 100;
/** Of a device that has said goodbye. */
const GONE = 0;

type State = Doc<"presence">["state"];
type Ctx = { organization_id: string; user_id: string; db: OrganizationWriter; scheduler: Scheduler };

/** Everybody who is here; who isn't in it is offline. */
export const list = query({
  args: {},
  returns: v.array(
    v.object({
      user_id: v.string(),
      state: v.union(v.literal("online"), v.literal("away")),
      places: v.array(v.string()),
    }),
  ),
  handler: async ({ db }) => {
    const here = [await listIn(db, "online"), await listIn(db, "away")].flat();
    return here.map(({ user_id, state, places }) => ({ user_id, state: state as "online" | "away", places }));
  },
});

/** Every 20 seconds from each tab and app, and at once when it becomes idle or goes elsewhere. A place is `post:ID` or
 * `thread:ID`; others see it as long as the whole organization may. */
export const heartbeat = mutation({
  args: { device_id: v.string(), is_idle: v.boolean(), place: nullable(v.string()) },
  returns: v.null(),
  handler: async (ctx, { device_id, is_idle, place }) => {
    if (device_id === "" || device_id.length > LONGEST_ID) {
      throw new Refusal("invalid", `A device's id is 1 to ${String(LONGEST_ID)} characters long.`);
    }
    const devices = await listDevices(ctx);
    // One that has gone leaves its row to another.
    const known = devices.find((each) => each.device_id === device_id) ?? devices.find((each) => !isHere(each));
    const device = { device_id, seen_at: Date.now(), is_idle, place: await findOpenPlace(ctx.db, place) };
    if (known !== undefined) {
      await ctx.db.patch("heartbeats", known, device);
    } else if (devices.length < MOST_DEVICES) {
      await ctx.db.insert("heartbeats", { user_id: ctx.user_id, ...device });
    } else {
      throw new Refusal("conflict", `You are here on ${String(MOST_DEVICES)} devices already. Close one of them.`);
    }
    if (devices.length === 0) {
      await scheduleCheck(ctx, device.seen_at);
    }
    await update(ctx, [...devices.filter((each) => each !== known), device]);
    return null;
  },
});

/** When a tab is closed. The others of the person go on. */
export const leave = mutation({
  args: { device_id: v.string() },
  returns: v.null(),
  handler: async (ctx, { device_id }) => {
    const devices = await listDevices(ctx);
    const known = devices.find((each) => each.device_id === device_id);
    if (known !== undefined) {
      // The check that is scheduled takes the row away.
      await ctx.db.patch("heartbeats", known, { seen_at: GONE });
      await update(
        ctx,
        devices.filter((each) => each !== known),
      );
    }
    return null;
  },
});

export const check = organizationMutation({
  args: { user_id: v.string() },
  returns: v.null(),
  handler: async ({ organization_id, db, scheduler }, { user_id }) => {
    const ctx = { organization_id, user_id, db, scheduler };
    const devices = await listDevices(ctx);
    const here = devices.filter(isHere);
    for (const each of devices) {
      if (!here.includes(each)) {
        await db.delete("heartbeats", each);
      }
    }
    if (here.length > 0) {
      await scheduleCheck(ctx, Math.min(...here.map((each) => each.seen_at)));
    }
    await update(ctx, here);
    return null;
  },
});

type Device = Pick<Doc<"heartbeats">, "seen_at" | "is_idle" | "place">;

/** The row that others see is written only when it would look different. */
async function update(ctx: Ctx, devices: Device[]): Promise<void> {
  const here = devices.filter(isHere);
  const state = stateOf(here);
  const places = [...new Set(here.flatMap(({ place }) => place ?? []))].sort();
  const { db, user_id } = ctx;
  const row = await db.range("presence", "by_user", (q) => q.eq("user_id", user_id)).unique();
  const before = row?.state ?? "offline";
  if (state === before && places.join(" ") === (row?.places ?? []).join(" ")) {
    return;
  }
  const changed = { state, places, changed_at: state === before && row ? row.changed_at : Date.now() };
  if (row === null) {
    await db.insert("presence", { user_id, ...changed });
  } else {
    await db.patch("presence", row, changed);
  }
  if (state !== before && (state === "online" || before === "online")) {
    const online = await listIn(db, "online");
    const people = online.map((each) => ({ user_id: each.user_id, seen_at: each.changed_at }));
    // Whoever has just gone offline may no longer be a member, in whose name nothing is taken.
    await send(ctx, { user_id: null, kind: "presence", entity_id: ctx.organization_id, payload: { people } });
  }
}

function stateOf(here: Device[]): State {
  if (here.length === 0) {
    return "offline";
  }
  return here.every((each) => each.is_idle) ? "away" : "online";
}

function isHere(device: Device): boolean {
  return device.seen_at + PATIENCE_MS > Date.now();
}

async function scheduleCheck({ scheduler, organization_id, user_id }: Ctx, seen_at: number): Promise<void> {
  await scheduler.runAt(seen_at + PATIENCE_MS, internal.presence.check, { organization_id, user_id });
}

async function listDevices({ db, user_id }: Pick<Ctx, "db" | "user_id">): Promise<Doc<"heartbeats">[]> {
  return await db.range("heartbeats", "by_user_and_device", (q) => q.eq("user_id", user_id)).collect();
}

async function listIn(db: OrganizationReader, state: State): Promise<Doc<"presence">[]> {
  return await db.range("presence", "by_state", (q) => q.eq("state", state)).collect();
}

/** Reads what all members may read, and no more. */
const anyMember: Person = { user_id: "", role: "guest" };

/** Null also for what isn't open to the whole organization: where somebody is must not tell of it. */
async function findOpenPlace(db: OrganizationReader, place: string | null): Promise<string | null> {
  const [kind, id = ""] = (place ?? "").split(/:(.*)/su);
  const reading = { db, person: () => Promise.resolve(anyMember) };
  if (kind === "post") {
    return (await findReadablePost(reading, id)) && place;
  }
  const thread_id = kind === "thread" ? db.readId("threads", id) : null;
  return thread_id && (await findReadableThread(reading, thread_id)) && place;
}
