import { expect, test, vi } from "vitest";

import { later } from "./later";

test("what is asked for twice is brought once", async () => {
  const bring = vi.fn(() => Promise.resolve("here"));
  const part = later(bring);
  expect(bring).not.toHaveBeenCalled();
  part.prepare();
  expect(await Promise.all([part.load(), part.load()])).toEqual(["here", "here"]);
  expect(bring).toHaveBeenCalledOnce();
});

test("what didn't come is tried again, and preparing fails nobody", async () => {
  const bring = vi.fn(() => Promise.resolve("here")).mockRejectedValueOnce(new Error("offline"));
  const part = later(bring);
  part.prepare();
  await expect(part.load()).rejects.toThrow("offline");
  expect(await part.load()).toBe("here");
  expect(bring).toHaveBeenCalledTimes(2);
});
