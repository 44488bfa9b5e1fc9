import { expect, test } from "vitest";

import { internal } from "../_generated/api";
import { stage } from "./stage.setup";

const { operator } = stage;

/** A word that waits, as `send` leaves it. */
async function plant(organization_id: string, changes: object = {}) {
  return await stage.plant(organization_id, "outgoing", {
    ...{ user_id: "ann", kind: "message", entity_id: "m1", payload: { text: "Hi" }, number: 1, attempts: 0, due_at: 0 },
    ...changes,
  });
}

test("one delivery at a time has the word", async () => {
  const organization_id = stage.organization();
  const outgoing_id = await plant(organization_id);
  const word = await operator.mutation(internal.outgoing.take, { outgoing_id });
  expect(word).toEqual({ organization_id, user_id: "ann", kind: "message", number: 1, payload: { text: "Hi" } });
  expect(await operator.mutation(internal.outgoing.take, { outgoing_id })).toBeNull();
});

test("what was told is no longer noted", async () => {
  const organization_id = stage.organization();
  const outgoing_id = await plant(organization_id);
  await operator.mutation(internal.outgoing.settle, { outgoing_id, number: 1 });
  expect(await stage.rows(organization_id, "outgoing")).toEqual([]);
  await operator.mutation(internal.outgoing.settle, { outgoing_id, number: 1 });
});

test("what was said while an older word was told stays noted", async () => {
  const organization_id = stage.organization();
  const outgoing_id = await plant(organization_id, { number: 2, due_at: Date.now() + 60_000 });
  await operator.mutation(internal.outgoing.settle, { outgoing_id, number: 1 });
  expect(await stage.rows(organization_id, "outgoing")).toMatchObject([{ number: 2 }]);
});

test("what couldn't be told waits longer each time, and never more than five minutes", async () => {
  for (const [attempts, seconds] of [[1, 1] as const, [4, 8] as const, [40, 300] as const]) {
    const organization_id = stage.organization();
    const outgoing_id = await plant(organization_id, { attempts });
    const before = Date.now();
    await operator.mutation(internal.outgoing.postpone, { outgoing_id });
    const [row] = await stage.rows(organization_id, "outgoing");
    expect(row?.due_at).toBeGreaterThanOrEqual(before + seconds * 1000 - 5000);
    expect(row?.due_at).toBeLessThanOrEqual(Date.now() + seconds * 1000 + 5000);
  }
});

test("the operator sees how much waits, and since when", async () => {
  await plant(stage.organization(), { due_at: Date.now() + 600_000 });
  const told = await operator.query(internal.outgoing.waiting, {});
  expect(told.waiting).toBeGreaterThan(0);
  expect(told.oldest_seconds).toBeGreaterThanOrEqual(0);
});
