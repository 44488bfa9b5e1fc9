// @vitest-environment jsdom
import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { IDLE_AFTER_MS, watchIdle } from "./idle";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  see(true);
});

function see(isSeen: boolean): void {
  Object.defineProperty(document, "hidden", { configurable: true, value: !isSeen });
  document.dispatchEvent(new Event("visibilitychange"));
}

test("five minutes after somebody last moved they are away, and with the next movement back", () => {
  const told: boolean[] = [];
  const stop = watchIdle((isIdle) => told.push(isIdle));
  vi.advanceTimersByTime(IDLE_AFTER_MS - 1000);
  window.dispatchEvent(new Event("pointermove"));
  vi.advanceTimersByTime(IDLE_AFTER_MS - 1000);
  expect(told).toEqual([false]);
  vi.advanceTimersByTime(1000);
  expect(told).toEqual([false, true]);
  window.dispatchEvent(new Event("keydown"));
  expect(told).toEqual([false, true, false]);
  stop();
  vi.advanceTimersByTime(IDLE_AFTER_MS);
  expect(told).toHaveLength(3);
});

test("who doesn't see the page is away at once", () => {
  const told: boolean[] = [];
  const stop = watchIdle((isIdle) => told.push(isIdle));
  see(false);
  see(true);
  expect(told).toEqual([false, true, false]);
  stop();
});
