// @vitest-environment jsdom
import { EditorState } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import type { LiveClient } from "@dfworx/api/live/document";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Awareness } from "y-protocols/awareness";
import * as Y from "yjs";

import { carets } from "./carets";
import { createPostText } from "./text";
import { Writers } from "./writers";

const THEIR_CLIENT = 7;
let view: EditorView;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  view.destroy();
  vi.useRealTimers();
});

function together(content: string) {
  const [doc, other] = [new Y.Doc(), new Y.Doc()];
  const shared = doc.getText("content");
  shared.insert(0, content);
  Y.applyUpdate(other, Y.encodeStateAsUpdate(doc));
  const awareness = new Awareness(doc);
  const client: LiveClient = {
    onUpdate: (_query, _args, look) => (look([{ user_id: "u2", name: "Mo Moor" }]), () => undefined),
    mutation: () => Promise.resolve(null),
    action: () => Promise.resolve(null),
  };
  const writers = new Writers(client, awareness, "u1");
  const text = createPostText(content);
  view = new EditorView({
    parent: document.body,
    state: EditorState.create({ doc: content, extensions: text.extension }),
  });
  text.join(shared, content, carets(shared, awareness, writers));
  const point = async (at: number) => {
    const place = Y.createRelativePositionFromTypeIndex(other.getText("content"), at, -1);
    const cursor = { anchor: Y.relativePositionToJSON(place), head: Y.relativePositionToJSON(place) };
    awareness.states.set(THEIR_CLIENT, { user_id: "u2", cursor });
    awareness.emit("change", [{ added: [], updated: [THEIR_CLIENT], removed: [] }, "net"]);
    await vi.advanceTimersByTimeAsync(1);
  };
  const send = () => Y.applyUpdate(doc, Y.encodeStateAsUpdate(other, Y.encodeStateVector(doc)), "net");
  return { other: other.getText("content"), point, send };
}

function theirCaret() {
  const caret = view.dom.querySelector(".cm-their-caret");
  return caret && { at: view.posAtDOM(caret), name: caret.textContent };
}

test("another's caret has their first name", async () => {
  const { point } = together("One two.");
  await point(3);
  expect(theirCaret()).toEqual({ at: 3, name: "Mo" });
});

test("what is written at another's caret comes behind it, and before it moves it along", async () => {
  const { point } = together("One two.");
  await point(3);
  view.dispatch({ changes: { from: 3, insert: " mine" } });
  expect(theirCaret()?.at).toBe(3);
  await point(3);
  expect(theirCaret()?.at).toBe(3);
  view.dispatch({ changes: { from: 0, insert: "So: " } });
  expect(theirCaret()?.at).toBe(7);
});

test("another's caret goes on with what they write, whichever is told first", async () => {
  const { other, point, send } = together("One two.");
  await point(3);
  other.insert(3, "!");
  send();
  expect(theirCaret()?.at).toBe(4);
  other.insert(4, "?");
  await point(5);
  expect(theirCaret()).toBeNull();
  send();
  expect(theirCaret()?.at).toBe(5);
});
