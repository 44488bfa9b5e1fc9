import { afterEach, expect, inject, test, vi } from "vitest";

import { api } from "../_generated/api";
import type { Id } from "../_generated/dataModel";
import { refusal, stage, type Player } from "./stage.setup";

const isDeployment = inject("deployment") !== null;

afterEach(() => {
  vi.useRealTimers();
});

async function threadOf(player: Player, post_id: string | null = null) {
  const kind = post_id === null ? "named" : "post";
  return await stage.plant(player.organization_id, "threads", {
    ...{ kind, name: "plans", post_id, created_by: null, archived_at: null },
  });
}

const seenBy = (player: Player, thread_id: Id<"threads">) => player.query(api.typing.list, { thread_id });

test("who writes is seen in the thread and in no other, until they stop", async () => {
  const ann = await stage.person(stage.organization());
  const ben = await stage.person(ann.organization_id);
  const [here, there] = [await threadOf(ann), await threadOf(ann)];
  await ann.mutation(api.typing.set, { thread_id: here });
  await ann.mutation(api.typing.set, { thread_id: here });
  expect(await seenBy(ben, here)).toEqual([ann.user_id]);
  expect(await seenBy(ben, there)).toEqual([]);
  await vi.waitFor(async () => expect(await seenBy(ben, here)).toEqual([]), { timeout: 30_000, interval: 200 });
  expect(await stage.rows(ann.organization_id, "typing")).toEqual([]);
});

test("in another organization's thread and in one that is closed nobody writes or sees who does", async () => {
  const ann = await stage.person(stage.organization());
  const closed = await threadOf(ann, await stage.post(ann, { status: "draft" }));
  const open = await threadOf(ann);
  const [ben, zoe] = [await stage.person(ann.organization_id), await stage.person(stage.organization())];
  for (const [player, thread_id] of [
    [ben, closed],
    [zoe, closed],
    [zoe, open],
  ] as const) {
    expect(await refusal(player.mutation(api.typing.set, { thread_id }))).toBe("not_found");
    expect(await refusal(seenBy(player, thread_id))).toBe("not_found");
  }
  expect(await refusal(stage.nobody().query(api.typing.list, { thread_id: open }))).toBe("signed_out");
  expect(await refusal(stage.nobody().mutation(api.typing.set, { thread_id: open }))).toBe("signed_out");
  await ann.mutation(api.typing.set, { thread_id: closed });
  expect(await seenBy(ann, closed)).toEqual([ann.user_id]);
});

test.skipIf(isDeployment)("it ends five seconds after the last word, and one end is scheduled", async () => {
  const ann = await stage.person(stage.organization());
  const thread_id = await threadOf(ann);
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"] });
  for (let second = 0; second < 12; second += 4) {
    await ann.mutation(api.typing.set, { thread_id });
    vi.advanceTimersByTime(4000);
    await vi.waitFor(async () => expect(await stage.pending(ann.organization_id, "typing:end")).toBe(1));
    expect(await seenBy(ann, thread_id)).toEqual([ann.user_id]);
  }
  vi.advanceTimersByTime(1000);
  await vi.waitFor(async () => expect(await seenBy(ann, thread_id)).toEqual([]));
  expect(await stage.pending(ann.organization_id, "typing:end")).toBe(0);
});
