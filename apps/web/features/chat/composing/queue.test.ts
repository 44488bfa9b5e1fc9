// @vitest-environment jsdom
import { beforeEach, expect, test, vi } from "vitest";

import type { Outcome, Queued } from "./queue";

const ANN = { organization_id: "o1", user_id: "u1" };
const BO = { organization_id: "o1", user_id: "u2" };
const THREAD = "t1";

beforeEach(() => {
  vi.resetModules();
  localStorage.clear();
});

function item(key: string, writtenAt: number): Queued {
  return { key, text: key, replyTo: null, attachments: [], writtenAt, problem: null };
}

/** Modules anew: as another window, or the same after a reload. */
async function openWindow() {
  vi.resetModules();
  return await import("./queue");
}

test("what is written goes out in its order, and is kept until it has arrived", async () => {
  const { putInQueue, readQueue, sendQueue } = await openWindow();
  for (const each of [item("b", 2), item("a", 1), item("c", 2)]) putInQueue(ANN, THREAD, each);
  const sent: string[] = [];
  await sendQueue(ANN, THREAD, async ({ key }) => {
    expect(readQueue(ANN, THREAD).map((each) => each.key)).toContain(key);
    sent.push(key);
    return { kind: "sent" };
  });
  expect(sent).toEqual(["a", "b", "c"]);
  expect(readQueue(ANN, THREAD)).toEqual([]);
  expect(localStorage).toHaveLength(0);
});

test("one that is refused steps aside with its reason, and goes again when it is asked to", async () => {
  const { putInQueue, readQueue, sendQueue } = await openWindow();
  putInQueue(ANN, THREAD, item("a", 1));
  putInQueue(ANN, THREAD, item("b", 2));
  const outcomes: Record<string, Outcome> = { a: { kind: "refused", problem: "Too long." }, b: { kind: "sent" } };
  await sendQueue(ANN, THREAD, async ({ key }) => outcomes[key]!);
  expect(readQueue(ANN, THREAD)).toEqual([{ ...item("a", 1), problem: "Too long." }]);
  putInQueue(ANN, THREAD, item("a", 1));
  await sendQueue(ANN, THREAD, async () => ({ kind: "sent" }));
  expect(readQueue(ANN, THREAD)).toEqual([]);
});

test("when nothing can be sent, nothing overtakes", async () => {
  const { putInQueue, readQueue, sendQueue } = await openWindow();
  putInQueue(ANN, THREAD, item("a", 1));
  putInQueue(ANN, THREAD, item("b", 2));
  const send = vi.fn(async (): Promise<Outcome> => ({ kind: "stopped" }));
  await sendQueue(ANN, THREAD, send);
  expect(send).toHaveBeenCalledTimes(1);
  expect(readQueue(ANN, THREAD).map((each) => each.key)).toEqual(["a", "b"]);
});

test("after a reload it goes on under the same key, and only for whom wrote it", async () => {
  const before = await openWindow();
  before.putInQueue(ANN, THREAD, item("a", 1));
  before.putInQueue(ANN, "t2", item("b", 1));
  const after = await openWindow();
  expect(after.readQueue(ANN, THREAD)).toEqual([item("a", 1)]);
  expect(after.threadsToSend(ANN).sort()).toEqual([THREAD, "t2"]);
  expect(after.threadsToSend(BO)).toEqual([]);
  expect(after.readQueue(BO, THREAD)).toEqual([]);
});

test("what another window writes meanwhile is sent too", async () => {
  const mine = await openWindow();
  const other = await openWindow();
  mine.putInQueue(ANN, THREAD, item("a", 1));
  const sent: string[] = [];
  await mine.sendQueue(ANN, THREAD, async ({ key }) => {
    if (key === "a") other.putInQueue(ANN, THREAD, item("b", 2));
    sent.push(key);
    return { kind: "sent" };
  });
  expect(sent).toEqual(["a", "b"]);
});

test("a device without room keeps nothing over a reload, and sends all the same", async () => {
  const { putInQueue, readQueue, sendQueue, threadsToSend } = await openWindow();
  const full = { ...item("a", 1), text: "x".repeat(20_000_000) };
  putInQueue(ANN, THREAD, full);
  expect(localStorage).toHaveLength(0);
  expect(readQueue(ANN, THREAD)).toEqual([full]);
  expect(threadsToSend(ANN)).toEqual([THREAD]);
  await sendQueue(ANN, THREAD, async () => ({ kind: "sent" }));
  expect(readQueue(ANN, THREAD)).toEqual([]);
});

test("what isn't one of ours in the device's storage is passed over", async () => {
  const { putInQueue, readQueue } = await openWindow();
  putInQueue(ANN, THREAD, item("a", 1));
  const [name] = Object.keys(localStorage);
  localStorage.setItem(`${name}x`, '{"key": 1}');
  localStorage.setItem(`${name}y`, "{");
  expect(readQueue(ANN, THREAD)).toEqual([item("a", 1)]);
});

test("whoever watches hears of each change", async () => {
  const { dropFromQueue, putInQueue, watchQueues } = await openWindow();
  const heard = vi.fn();
  const stop = watchQueues(heard);
  putInQueue(ANN, THREAD, item("a", 1));
  dropFromQueue(ANN, THREAD, "a");
  window.dispatchEvent(new StorageEvent("storage"));
  expect(heard).toHaveBeenCalledTimes(3);
  stop();
  putInQueue(ANN, THREAD, item("b", 1));
  expect(heard).toHaveBeenCalledTimes(3);
});

test("a queue is sent by one at a time, also after one has failed", async () => {
  const { inTurn } = await openWindow();
  const told: string[] = [];
  let release: () => void = () => undefined;
  const first = inTurn("q", async () => {
    told.push("first begins");
    await new Promise<void>((done) => (release = done));
    told.push("first ends");
    throw new Error("It broke.");
  });
  const second = inTurn("q", async () => void told.push("second"));
  await inTurn("another", async () => void told.push("another"));
  release();
  await expect(first).rejects.toThrow("It broke.");
  await second;
  expect(told).toEqual(["first begins", "another", "first ends", "second"]);
});

test("a message is later than all that wait, though the clock was set back; and keys are the deployment's", async () => {
  const { momentAfter, newKey } = await openWindow();
  expect(momentAfter([], 5)).toBe(5);
  expect(momentAfter([item("a", 9)], 5)).toBe(10);
  const keys = Array.from({ length: 100 }, newKey);
  expect(new Set(keys).size).toBe(100);
  for (const key of keys) expect(key).toMatch(/^[\w-]{16,64}$/);
});
