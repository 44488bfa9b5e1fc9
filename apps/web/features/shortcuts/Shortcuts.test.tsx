// @vitest-environment jsdom
import { createRoot } from "react-dom/client";
import { flushSync } from "react-dom";
import { expect, test, vi } from "vitest";

import { Shortcuts, useShortcut } from "./Shortcuts";

function Page({ comment }: { comment: () => void }) {
  useShortcut("comment", comment);
  return <a href="/edit">Edit</a>;
}

test("a key is heard as soon as the page that hears it is seen", () => {
  const comment = vi.fn();
  const root = createRoot(document.body.appendChild(document.createElement("div")));
  // Drawn, and nothing that React does later has been done.
  flushSync(() =>
    root.render(
      <Shortcuts>
        <Page comment={comment} />
      </Shortcuts>,
    ),
  );
  expect(document.querySelector("a")).not.toBeNull();
  window.dispatchEvent(new KeyboardEvent("keydown", { key: "r", code: "KeyR", cancelable: true }));
  expect(comment).toHaveBeenCalledOnce();
  flushSync(() => root.unmount());
  window.dispatchEvent(new KeyboardEvent("keydown", { key: "r", code: "KeyR", cancelable: true }));
  expect(comment).toHaveBeenCalledOnce();
});
