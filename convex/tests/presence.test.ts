import { afterEach, expect, inject, test, vi } from "vitest";

import { api, internal } from "../_generated/api";
import { refusal, stage, type Player } from "./stage.setup";

const isDeployment = inject("deployment") !== null;

afterEach(() => {
  vi.useRealTimers();
});

type Place = string | null;

async function heartbeat(player: Player, device_id = "a tab", changes: { is_idle?: boolean; place?: Place } = {}) {
  await player.mutation(api.presence.heartbeat, { device_id, is_idle: false, place: null, ...changes });
}

/** As if the device had said nothing for longer than is taken. */
async function silence(player: Player, device_id: string) {
  const { organization_id, user_id } = player;
  for (const each of await stage.rows(organization_id, "heartbeats")) {
    if (each.user_id === user_id && each.device_id === device_id) {
      await stage.change(organization_id, "heartbeats", each._id, { seen_at: Date.now() - 45_000 });
    }
  }
}

async function check({ organization_id, user_id }: Player) {
  await stage.operator.mutation(internal.presence.check, { organization_id, user_id });
}

const seenBy = (player: Player) => player.query(api.presence.list);

test("whoever says so is here, for their organization alone", async () => {
  const ann = await stage.person(stage.organization());
  const [ben, zoe] = [await stage.person(ann.organization_id), await stage.person(stage.organization())];
  expect(await seenBy(ben)).toEqual([]);
  await heartbeat(ann);
  expect(await seenBy(ben)).toEqual([{ user_id: ann.user_id, state: "online", places: [] }]);
  expect(await seenBy(zoe)).toEqual([]);
});

test("a stranger is told nothing and can't be here", async () => {
  const nobody = stage.nobody();
  expect(await refusal(nobody.query(api.presence.list))).toBe("signed_out");
  const args = { device_id: "a tab", is_idle: false, place: null };
  expect(await refusal(nobody.mutation(api.presence.heartbeat, args))).toBe("signed_out");
  expect(await refusal(nobody.mutation(api.presence.leave, { device_id: "a tab" }))).toBe("signed_out");
});

test("a person is away when all of their devices are idle", async () => {
  const ann = await stage.person(stage.organization());
  await heartbeat(ann, "a tab", { is_idle: true });
  expect(await seenBy(ann)).toMatchObject([{ state: "away" }]);
  await heartbeat(ann, "a phone");
  expect(await seenBy(ann)).toMatchObject([{ state: "online" }]);
  await heartbeat(ann, "a phone", { is_idle: true });
  expect(await seenBy(ann)).toMatchObject([{ state: "away" }]);
});

test("a person is where their devices are, and offline when the last of them leaves", async () => {
  const ann = await stage.person(stage.organization());
  const here = `post:${await stage.post(ann)}`;
  const there = `post:${await stage.post(ann)}`;
  await heartbeat(ann, "a tab", { place: here });
  await heartbeat(ann, "another tab", { place: here });
  await heartbeat(ann, "a phone", { place: there });
  expect(await seenBy(ann)).toMatchObject([{ state: "online", places: [here, there].sort() }]);
  await ann.mutation(api.presence.leave, { device_id: "a phone" });
  await ann.mutation(api.presence.leave, { device_id: "another tab" });
  expect(await seenBy(ann)).toMatchObject([{ state: "online", places: [here] }]);
  await ann.mutation(api.presence.leave, { device_id: "a tab" });
  await ann.mutation(api.presence.leave, { device_id: "no tab of theirs" });
  expect(await seenBy(ann)).toEqual([]);
});

test("nobody's device leaves by another person's word", async () => {
  const ann = await stage.person(stage.organization());
  const [ben, zoe] = [await stage.person(ann.organization_id), await stage.person(stage.organization())];
  await heartbeat(ann);
  for (const other of [ben, zoe]) {
    await other.mutation(api.presence.leave, { device_id: "a tab" });
  }
  expect(await seenBy(ann)).toMatchObject([{ user_id: ann.user_id, state: "online" }]);
});

test("a place that isn't open to the whole organization is told to nobody", async () => {
  const ann = await stage.person(stage.organization(), "admin");
  const zoe = await stage.person(stage.organization());
  const thread = { kind: "named" as const, name: "plans", post_id: null, created_by: null, archived_at: null };
  const open = await stage.plant(ann.organization_id, "threads", thread);
  const foreign = await stage.plant(zoe.organization_id, "threads", thread);
  const draft = await stage.post(ann, { status: "draft" });
  const beside = await stage.plant(ann.organization_id, "threads", { ...thread, kind: "post", post_id: draft });
  const closed = [
    ...[`post:${draft}`, `post:${await stage.post(ann, { visibility: "people", readers: [ann.user_id] })}`],
    ...[`post:${await stage.post(zoe)}`, `thread:${foreign}`, `thread:${beside}`],
    ...["thread:none", "thread:", "post:", "post", ":", "", "desk:1"],
  ];
  for (const place of closed) {
    await heartbeat(ann, "a tab", { place });
    expect(await seenBy(ann), place).toMatchObject([{ places: [] }]);
  }
  await heartbeat(ann, "a tab", { place: `thread:${open}` });
  expect(await seenBy(ann)).toMatchObject([{ places: [`thread:${open}`] }]);
});

test("a device that says nothing is forgotten, and with the last one the person is offline", async () => {
  const ann = await stage.person(stage.organization());
  await heartbeat(ann, "a tab", { is_idle: true });
  await heartbeat(ann, "a phone");
  await silence(ann, "a phone");
  await check(ann);
  expect(await seenBy(ann)).toMatchObject([{ state: "away" }]);
  expect(await stage.rows(ann.organization_id, "heartbeats")).toMatchObject([{ device_id: "a tab" }]);
  await silence(ann, "a tab");
  await check(ann);
  expect(await seenBy(ann)).toEqual([]);
  expect(await stage.rows(ann.organization_id, "heartbeats")).toEqual([]);
});

test("a heartbeat that changes nothing leaves alone what others see", async () => {
  const ann = await stage.person(stage.organization());
  await heartbeat(ann);
  await stage.change(ann.organization_id, "presence", (await presenceOf(ann))._id, { changed_at: 1 });
  const before = await presenceOf(ann);
  await heartbeat(ann);
  await check(ann);
  expect(await presenceOf(ann)).toEqual(before);
});

async function presenceOf(player: Player) {
  const [row] = await stage.rows(player.organization_id, "presence");
  return row!;
}

test("the web service hears who is online, and of nobody else's organization", async () => {
  const ann = await stage.person(stage.organization());
  const [ben, zoe] = [await stage.person(ann.organization_id), await stage.person(stage.organization())];
  const told = async () => {
    const rows = await stage.rows(ann.organization_id, "outgoing");
    // In nobody's name: who has just left may be no member any more.
    expect(rows).toMatchObject([{ kind: "presence", entity_id: ann.organization_id, user_id: null }]);
    const { people } = rows[0]!.payload as { people: { user_id: string; seen_at: number }[] };
    return people.map((each) => each.user_id).sort();
  };
  for (const player of [ann, ben, zoe]) {
    await heartbeat(player);
  }
  expect(await told()).toEqual([ann.user_id, ben.user_id].sort());
  await heartbeat(ann, "a tab", { is_idle: true });
  expect(await told()).toEqual([ben.user_id]);
  await ben.mutation(api.presence.leave, { device_id: "a tab" });
  expect(await told()).toEqual([]);
});

test("a bad device id and too many devices are refused", async () => {
  const ann = await stage.person(stage.organization());
  expect(await refusal(heartbeat(ann, ""))).toBe("invalid");
  expect(await refusal(heartbeat(ann, "x".repeat(101)))).toBe("invalid");
  for (let number = 0; number < 50; number++) {
    await heartbeat(ann, `tab ${String(number)}`);
  }
  expect(await refusal(heartbeat(ann, "one more"))).toBe("conflict");
  await ann.mutation(api.presence.leave, { device_id: "tab 7" });
  await heartbeat(ann, "one more");
  expect(await stage.rows(ann.organization_id, "heartbeats")).toHaveLength(50);
});

test.skipIf(isDeployment)("45 seconds after the last heartbeat the schedule finds nobody here", async () => {
  const ann = await stage.person(stage.organization());
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"] });
  await heartbeat(ann, "a tab");
  await heartbeat(ann, "a phone", { is_idle: true });
  for (let seconds = 0; seconds < 100; seconds += 20) {
    vi.advanceTimersByTime(20_000);
    await heartbeat(ann, "a tab");
    await vi.waitFor(async () => expect(await pendingChecks(ann)).toBe(1));
  }
  expect(await seenBy(ann)).toMatchObject([{ state: "online" }]);
  vi.advanceTimersByTime(44_000);
  await vi.waitFor(async () => expect(await pendingChecks(ann)).toBe(1));
  expect(await seenBy(ann)).toMatchObject([{ state: "online" }]);
  vi.advanceTimersByTime(1_000);
  await vi.waitFor(async () => expect(await seenBy(ann)).toEqual([]));
  expect(await pendingChecks(ann)).toBe(0);
  // One who leaves and comes back within the time has still one check.
  await heartbeat(ann);
  await ann.mutation(api.presence.leave, { device_id: "a tab" });
  await heartbeat(ann);
  expect(await pendingChecks(ann)).toBe(1);
});

async function pendingChecks(player: Player): Promise<number> {
  return await stage.pending(player.organization_id, "presence:check");
}
