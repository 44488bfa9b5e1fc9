// @vitest-environment jsdom
import type { Me } from "@dfworx/api";
import type { Message } from "@dfworx/api/live";
import { ToastProvider } from "@dfworx/ui/Toast";
import { ConvexProvider, ConvexReactClient } from "convex/react";
import { NextIntlClientProvider } from "next-intl";
import { act } from "react";
import { createRoot, type Root } from "react-dom/client";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import english from "@/messages/en.json";

import { MessageActions } from "./MessageActions";

Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });
// What the browser has and jsdom lacks.
globalThis.ResizeObserver ??= class {
  observe = () => undefined;
  unobserve = () => undefined;
  disconnect = () => undefined;
};

const ada = { user_id: "ada", role: "member" } as Me;
const message: Message = {
  message_id: "m" as Message["message_id"],
  thread_id: "t" as Message["thread_id"],
  user_id: "tomas",
  text: "The *blob* fee grows.",
  sent_at: 1,
  number: 7,
  reply_to: null,
  edited_at: null,
  removed_at: null,
  attachments: [],
  reactions: [],
  tags: [],
  pinned_at: null,
  key: null,
};

let root: Root;
let client: ConvexReactClient;

beforeEach(() => {
  client = new ConvexReactClient("http://localhost:1", { logger: false });
  document.body.innerHTML = "<div></div>";
  root = createRoot(document.querySelector("div")!);
});

afterEach(async () => {
  await act(async () => root.unmount());
  await client.close();
});

async function show(change: Partial<Message> = {}, me: Me = ada) {
  const doing = { reply: vi.fn(), edit: vi.fn(), jump: vi.fn() };
  await act(async () =>
    root.render(
      <NextIntlClientProvider locale="en" messages={english} timeZone="UTC">
        <ConvexProvider client={client}>
          <ToastProvider label="Notices">
            <article tabIndex={-1}>
              <p>{message.text}</p>
              <MessageActions message={{ ...message, ...change }} me={me} doing={doing} />
            </article>
          </ToastProvider>
        </ConvexProvider>
      </NextIntlClientProvider>,
    ),
  );
  return { doing, row: document.querySelector("article")! };
}

const names = () => [...document.querySelectorAll("button")].map((each) => each.ariaLabel ?? each.textContent);

async function press(row: HTMLElement, key: string, more: KeyboardEventInit = {}) {
  await act(async () => row.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, ...more })));
}

async function menuKey(row: HTMLElement) {
  await act(async () => {
    row.dispatchEvent(new MouseEvent("contextmenu", { button: 0, bubbles: true, cancelable: true }));
  });
  await vi.waitFor(() => expect(document.querySelector('[role="dialog"]')).not.toBeNull());
}

describe("the bar at a message", () => {
  it("isn't made before somebody comes, by pointer or by keys", async () => {
    const { row } = await show();
    expect(names()).toEqual([]);
    await act(async () => row.focus());
    expect(names()).toEqual(["React", "Reply", "Pin", "More"]);
  });

  it("isn't there for a message that was removed", async () => {
    const { row } = await show({ removed_at: 2 });
    await act(async () => row.focus());
    expect(names()).toEqual([]);
  });

  it("says how it stands with the pin", async () => {
    const { row } = await show({ pinned_at: 2 });
    await act(async () => row.focus());
    expect(names()).toContain("Unpin");
  });
});

describe("the keys on a message", () => {
  it("answer it, and change one's own alone", async () => {
    const { doing, row } = await show();
    await press(row, "r");
    await press(row, "e");
    expect(doing.reply).toHaveBeenCalledWith(expect.objectContaining({ number: 7 }));
    expect(doing.edit).not.toHaveBeenCalled();
  });

  it("are left alone with another key held, and inside the message", async () => {
    const { doing, row } = await show({ user_id: "ada" });
    await press(row, "r", { ctrlKey: true });
    await press(row.querySelector("p")!, "r");
    expect(doing.reply).not.toHaveBeenCalled();
    await press(row, "e");
    expect(doing.edit).toHaveBeenCalledOnce();
  });
});

describe("all that can be done", () => {
  it("comes with the menu key, and by a mouse the browser's own menu", async () => {
    const { row } = await show();
    const byMouse = new MouseEvent("contextmenu", { button: 2, bubbles: true, cancelable: true });
    await act(async () => row.dispatchEvent(byMouse));
    expect(byMouse.defaultPrevented).toBe(false);
    await menuKey(row);
    expect(names()).toEqual(expect.arrayContaining(["Tags", "Make a post of this", "Copy text", "Copy link"]));
  });

  it("is less for others than for who wrote it, and for moderators", async () => {
    const { row } = await show();
    await menuKey(row);
    expect(names()).not.toContain("Edit");
    expect(names()).not.toContain("Remove");
    await show({}, { ...ada, role: "moderator" });
    expect(names()).toContain("Remove");
    expect(names()).not.toContain("Edit");
    await show({ user_id: "ada" });
    expect(names()).toEqual(expect.arrayContaining(["Edit", "Remove"]));
  });

  it("stays to be found by a finger that stays, not by one that scrolls", async () => {
    vi.useFakeTimers();
    const { row } = await show();
    const touch = async (name: string, clientY: number) => {
      const event = new MouseEvent(name, { bubbles: true, clientY });
      await act(async () => row.dispatchEvent(Object.assign(event, { pointerType: "touch" })));
    };
    await touch("pointerdown", 0);
    await touch("pointermove", 40);
    await act(async () => vi.advanceTimersByTime(600));
    expect(document.querySelector('[role="dialog"]')).toBeNull();
    await touch("pointerdown", 0);
    await act(async () => vi.advanceTimersByTime(600));
    vi.useRealTimers();
    await vi.waitFor(() => expect(document.querySelector('[role="dialog"]')).not.toBeNull());
  });
});
