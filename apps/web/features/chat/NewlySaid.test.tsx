// @vitest-environment jsdom
import type { Me } from "@dfworx/api";
import type { Message } from "@dfworx/api/live";
import { NextIntlClientProvider } from "next-intl";
import { act } from "react";
import { createRoot, type Root } from "react-dom/client";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

import english from "@/messages/en.json";

import type { People } from "./message";
import type { Shown } from "./messageWindow";
import { NewlySaid } from "./NewlySaid";

Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });

const me = { user_id: "me" } as Me;
const people = new Map(["Ann", "Bo", "Cy", "Di"].map((name) => [name, { user_id: name, name }])) as unknown as People;
let root: Root;

beforeEach(() => {
  vi.useFakeTimers();
  document.body.innerHTML = "<div></div>";
  root = createRoot(document.querySelector("div")!);
});

afterEach(async () => {
  await act(async () => root.unmount());
  vi.useRealTimers();
});

/** Who has spoken, one after the other. */
async function show(authors: string[], part: Partial<Shown> = {}) {
  const messages = authors.map((user_id, at) => ({ number: at + 1, user_id, removed_at: null }) as unknown as Message);
  const shown: Shown = {
    ...{ messages, newest: messages.at(-1) ?? null, hasOlder: false, hasNewer: false, generation: 1 },
    ...{ isPrepended: false, isLoading: false, error: null, ...part },
  };
  await act(async () =>
    root.render(
      <NextIntlClientProvider locale="en" messages={english} timeZone="UTC">
        <NewlySaid shown={shown} me={me} people={people} />
      </NextIntlClientProvider>,
    ),
  );
}

const pass = (ms: number) => act(() => vi.advanceTimersByTimeAsync(ms));
const told = () => document.querySelector("[role=status]")!.textContent;

test("what is new is told at most once in five seconds, all that came meanwhile together", async () => {
  await show(["Ann"]);
  await pass(10_000);
  expect(told()).toBe("");
  await show(["Ann", "Ann"]);
  await pass(0);
  expect(told()).toBe("1 new message from Ann");
  const first = document.querySelector("span");
  await show(["Ann", "Ann", "Bo"]);
  await show(["Ann", "Ann", "Bo", "Ann", "Bo"]);
  await pass(4_900);
  expect(told()).toBe("1 new message from Ann");
  await pass(100);
  expect(told()).toBe("3 new messages from Bo and Ann");
  await show(["Ann", "Ann", "Bo", "Ann", "Bo", "Ann"]);
  await pass(5_000);
  // Its words stood there before; that it is told again is a new node.
  expect(told()).toBe("1 new message from Ann");
  expect(document.querySelector("span")).not.toBe(first);
});

test("one's own messages aren't told, and a crowd is counted", async () => {
  await show([]);
  await show(["me", "me"]);
  await pass(5_000);
  expect(told()).toBe("");
  await show(["me", "me", "Ann", "Bo", "Cy", "Di", "me"]);
  await pass(5_000);
  expect(told()).toBe("4 new messages from Ann, Bo, Cy, and 1 other");
});

test("who reads further up hears of what isn't here", async () => {
  await show(["Ann", "Ann"]);
  const newest = { number: 60, user_id: "Bo", removed_at: null } as unknown as Message;
  await show(["Ann", "Ann"], { hasNewer: true, newest });
  await pass(5_000);
  expect(told()).toBe("58 new messages from Bo");
});
