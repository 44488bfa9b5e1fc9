// @vitest-environment jsdom
import { act, useRef, type ReactNode } from "react";
import { createRoot, type Root } from "react-dom/client";
import { afterEach, beforeEach, expect, test } from "vitest";

import { Shortcuts } from "@/features/shortcuts/Shortcuts";

import { BesidePost, useAskedToWrite, useBeside } from "./BesidePost";

Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });
// What the browser has and jsdom lacks: a wide window.
window.matchMedia ??= () =>
  Object.assign(new EventTarget(), { matches: true, media: "", onchange: null }) as unknown as MediaQueryList;

let root: Root;

beforeEach(() => {
  document.body.innerHTML = "<div></div>";
  root = createRoot(document.querySelector("div")!);
});

afterEach(() => act(() => root.unmount()));

function Composer() {
  const area = useRef<HTMLTextAreaElement>(null);
  useAskedToWrite(() => area.current?.focus());
  return <textarea ref={area} />;
}

function Panel({ children }: { children: ReactNode }) {
  const { open, close } = useBeside();
  return (
    <>
      <button onClick={close}>Close</button>
      {open === "comments" && children}
    </>
  );
}

async function show(composer: ReactNode) {
  await act(async () =>
    root.render(
      <Shortcuts>
        <BesidePost tab={null}>
          <Panel>{composer}</Panel>
        </BesidePost>
      </Shortcuts>,
    ),
  );
}

async function press(key: string) {
  const letter = new KeyboardEvent("keydown", { key, code: `Key${key.toUpperCase()}`, cancelable: true });
  await act(async () => void window.dispatchEvent(letter));
}

const focused = () => document.activeElement?.tagName;

test("who asks to write gets to, however late the comments' code comes", async () => {
  await show(<p>Loading</p>);
  await press("r");
  expect(document.querySelector("p")).not.toBeNull();
  await show(<Composer />);
  expect(focused()).toBe("TEXTAREA");
  // Again, from elsewhere on the page.
  await act(async () => (document.activeElement as HTMLElement).blur());
  await press("r");
  expect(focused()).toBe("TEXTAREA");
});

test("a panel that is opened again to read isn't one to write in", async () => {
  await show(<Composer />);
  await press("r");
  await act(async () => document.querySelector("button")!.click());
  await act(async () => (document.activeElement as HTMLElement).blur());
  await press("]");
  expect(document.querySelector("textarea")).not.toBeNull();
  expect(focused()).not.toBe("TEXTAREA");
});
