import { expect, inject, test } from "vitest";

import { api, internal } from "../_generated/api";
import { stage } from "./stage.setup";

const { operator } = stage;
const ID = "019a0000-0000-7000-8000-000000000001";
const OTHER = "019a0000-0000-7000-8000-000000000002";
const ends = { began_until: "019a0000-0000", expires_at: 0 };

const organizationOf = (name: string) => ({ id: ID, name, slug: "lumen" });
const memberOf = (changes: object = {}) => ({
  ...{ id: ID, name: "Ann Ash", avatar_url: null, role: "member" as const, is_active: true },
  ...changes,
});
const postOf = (changes: object = {}) => ({
  ...{ id: ID, user_id: OTHER, title: "Plans", slug: "plans", status: "draft" as const, trashed_from: null },
  ...{ visibility: "organization" as const, readers: [], editors: [], version: 1 },
  ...changes,
});

async function tellMember(organization_id: string, event: number, changes: object = {}) {
  const told = { organization_id, event, rows: [memberOf(changes)], gone: [], ends };
  await operator.mutation(internal.mirror.users, told);
}

test("an organization is known by its newest name, whatever the order it is told in", async () => {
  const organization_id = stage.organization();
  for (const [event, name] of [[5, "Lumen Works"] as const, [4, "Lumen"] as const, [5, "Nothing"] as const]) {
    const told = { organization_id, event, gone: [], rows: [organizationOf(name)] };
    await operator.mutation(internal.mirror.organization, told);
  }
  expect(await stage.rows(organization_id, "organizations")).toMatchObject([{ name: "Lumen Works", event: 5 }]);
  expect(await stage.rows(organization_id, "threads")).toMatchObject([{ kind: "organization" }]);
});

test("a late or repeated event changes nothing of a member", async () => {
  const organization_id = stage.organization();
  await tellMember(organization_id, 7, { role: "moderator" });
  await tellMember(organization_id, 6);
  await tellMember(organization_id, 7, { name: "Nobody" });
  expect(await stage.rows(organization_id, "members")).toMatchObject([
    { name: "Ann Ash", role: "moderator", event: 7 },
  ]);
});

test("what is gone isn't brought back by an older event, and is by a newer one", async () => {
  const organization_id = stage.organization();
  const tell = (event: number, rows: ReturnType<typeof postOf>[], gone: string[] = []) =>
    operator.mutation(internal.mirror.posts, { organization_id, event, rows, gone });
  await tell(3, [], [ID]);
  await tell(2, [postOf()]);
  expect(await stage.rows(organization_id, "posts")).toEqual([]);
  await tell(4, [postOf({ title: "Plans again" })]);
  await tell(3, [], [ID]);
  expect(await stage.rows(organization_id, "posts")).toMatchObject([{ title: "Plans again" }]);
  await tell(5, [], [ID]);
  expect(await stage.rows(organization_id, "posts")).toEqual([]);
});

test("what an organization is told reaches no row of another, not even by the same id", async () => {
  const [mine, theirs] = [stage.organization(), stage.organization()];
  await tellMember(mine, 1);
  await tellMember(theirs, 2, { name: "Zoe Zinn" });
  await operator.mutation(internal.mirror.users, { organization_id: theirs, event: 9, rows: [], gone: [ID], ends });
  await operator.mutation(internal.mirror.prune, {
    ...{ organization_id: theirs, kind: "user", after: null, until: null, before: 9 },
  });
  expect(await stage.rows(mine, "members")).toMatchObject([{ name: "Ann Ash", event: 1 }]);
  expect(await stage.rows(theirs, "members")).toEqual([]);
});

test("what PostgreSQL hasn't any more goes from its span, but nothing newer and nothing outside", async () => {
  const organization_id = stage.organization();
  const ids = ["a", "b", "c", "d"];
  for (const [place, id] of ids.entries()) {
    await operator.mutation(internal.mirror.posts, {
      ...{ organization_id, event: place === 2 ? 20 : 5, rows: [postOf({ id })], gone: [] },
    });
  }
  await operator.mutation(internal.mirror.prune, { organization_id, kind: "post", after: "a", until: "c", before: 10 });
  const left = (await stage.rows(organization_id, "posts")).map((row) => row.post_id);
  expect(left.sort()).toEqual(["a", "c", "d"]);
});

test("a long span is pruned to its end", async () => {
  const organization_id = stage.organization();
  const rows = Array.from({ length: 250 }, (_, place) => postOf({ id: `p${String(place).padStart(4, "0")}` }));
  await operator.mutation(internal.mirror.posts, { organization_id, event: 1, rows, gone: [] });
  await operator.mutation(internal.mirror.prune, {
    ...{ organization_id, kind: "post", after: null, until: null, before: 2 },
  });
  await expect.poll(() => stage.rows(organization_id, "posts"), { timeout: 20_000 }).toEqual([]);
});

test("who is deactivated is refused by what all members see alike too, in the sessions that had begun", async () => {
  const ann = await stage.person(stage.organization());
  const { organization_id, user_id } = ann;
  const rows = [memberOf({ id: user_id, is_active: false })];
  const now = { began_until: ann.sid.slice(0, 13), expires_at: Date.now() + 60_000 };
  await operator.mutation(internal.mirror.users, { organization_id, event: 3, rows, gone: [], ends: now });
  expect(await ann.query(api.session.current)).toBeNull();
  expect(await stage.rows(organization_id, "revocations")).toMatchObject([{ user_id, session_id: null }]);
});

test("one session that ended is over, and told twice it is noted once", async () => {
  const ann = await stage.person(stage.organization());
  const { organization_id, user_id } = ann;
  const told = { organization_id, user_id, session_id: ann.sid, began_until: null, event: 8 };
  for (let time = 0; time < 2; time++) {
    await operator.mutation(internal.mirror.revoke, { ...told, expires_at: Date.now() + 60_000 });
  }
  expect(await ann.query(api.session.current)).toBeNull();
  expect(await stage.rows(organization_id, "revocations")).toHaveLength(1);
});

test("a session that ended long ago is not noted, and one whose tokens have expired is forgotten", async () => {
  const ann = await stage.person(stage.organization());
  const { organization_id, user_id } = ann;
  const told = { organization_id, user_id, session_id: ann.sid, began_until: null };
  await operator.mutation(internal.mirror.revoke, { ...told, event: 8, expires_at: Date.now() - 1 });
  expect(await stage.rows(organization_id, "revocations")).toEqual([]);
  await operator.mutation(internal.mirror.revoke, { ...told, event: 9, expires_at: Date.now() + 1500 });
  expect(await stage.rows(organization_id, "revocations")).toHaveLength(1);
  await expect.poll(() => stage.rows(organization_id, "revocations"), { timeout: 20_000 }).toEqual([]);
});

test("a session is ended for its own organization alone", async () => {
  const [ann, zoe] = [await stage.person(stage.organization()), await stage.person(stage.organization())];
  await operator.mutation(internal.mirror.revoke, {
    ...{ organization_id: zoe.organization_id, user_id: ann.user_id, session_id: ann.sid, began_until: null },
    ...{ event: 3, expires_at: Date.now() + 60_000 },
  });
  expect(await ann.query(api.session.current)).not.toBeNull();
});

// convex-test lets anybody call what is internal.
test.runIf(inject("deployment") !== null)("nobody but the operator writes the mirror", async () => {
  const ann = await stage.person(stage.organization(), "admin");
  const { organization_id } = ann;
  const told = { organization_id, event: 99, rows: [memberOf({ role: "admin" })], gone: [], ends };
  await expect(ann.mutation(internal.mirror.users, told)).rejects.toThrow();
  expect(await stage.rows(organization_id, "members")).toHaveLength(1);
});
