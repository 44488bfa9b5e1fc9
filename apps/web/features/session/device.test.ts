// @vitest-environment jsdom
import { beforeEach, expect, test, vi } from "vitest";

const ANN = { organization_id: "o1", user_id: "u1" };
const BO = { organization_id: "o1", user_id: "u2" };

beforeEach(() => {
  vi.resetModules();
  localStorage.clear();
});

test("who signs out leaves nothing of theirs, and what others have not sent stays", async () => {
  const { hasUnsent, isLeaving, keepOnDevice, leaveDevice, nameOnDevice, readFromDevice } = await import("./device");
  expect(isLeaving()).toBe(false);
  keepOnDevice("dfworx.letters", "off");
  for (const person of [ANN, BO]) {
    keepOnDevice(nameOnDevice("draft", person, "new"), { title: person.user_id });
    keepOnDevice(nameOnDevice("comments", person, "p1"), { drafts: { "": "A word" } });
    keepOnDevice(nameOnDevice("messages", person, "t1.draft."), { text: "A line", attachments: [] });
    keepOnDevice(nameOnDevice("recent", person), [{ title: "Secret plans" }]);
  }
  expect([hasUnsent(ANN), hasUnsent(BO)]).toEqual([true, true]);
  leaveDevice(ANN);
  expect(isLeaving()).toBe(true);
  expect([hasUnsent(ANN), hasUnsent(BO)]).toEqual([false, true]);
  expect(readFromDevice(nameOnDevice("draft", BO, "new"))).toEqual({ title: "u2" });
  expect(readFromDevice(nameOnDevice("messages", ANN, "t1.draft."))).toBeNull();
  expect(readFromDevice(nameOnDevice("messages", BO, "t1.draft."))).toMatchObject({ text: "A line" });
  expect(Object.keys(localStorage).filter((name) => name.includes("recent"))).toEqual([]);
  expect(readFromDevice("dfworx.letters")).toBe("off");
});

test("an editor that is still open when its person has left writes nothing more", async () => {
  const { hasUnsent, keepOnDevice, leaveDevice, nameOnDevice } = await import("./device");
  leaveDevice(ANN);
  expect(keepOnDevice(nameOnDevice("draft", ANN, "new"), {})).toBe(true);
  expect(hasUnsent(ANN)).toBe(false);
});

test("a device that is full says so, and what isn't ours is nothing", async () => {
  const { keepOnDevice, readFromDevice } = await import("./device");
  expect(keepOnDevice("dfworx.draft", "x".repeat(20_000_000))).toBe(false);
  localStorage.setItem("broken", "{");
  expect(readFromDevice("broken")).toBeNull();
});
