import { expect, test } from "vitest";

import { oneAtATime } from "./beat";

test("while one is on its way others don't queue: one more follows, also after a failure", async () => {
  const ends: (() => void)[] = [];
  const run = oneAtATime(() => new Promise((_done, fail) => ends.push(() => fail(new Error("lost")))));
  run();
  run();
  run();
  expect(ends).toHaveLength(1);
  ends[0]?.();
  await Promise.resolve().then(() => undefined);
  expect(ends).toHaveLength(2);
  ends[1]?.();
  await Promise.resolve().then(() => undefined);
  expect(ends).toHaveLength(2);
});
