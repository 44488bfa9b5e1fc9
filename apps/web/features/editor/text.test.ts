// @vitest-environment jsdom
import { historyKeymap, isolateHistory, undo } from "@codemirror/commands";
import { EditorState } from "@codemirror/state";
import { EditorView, keymap } from "@codemirror/view";
import { afterEach, expect, test } from "vitest";
import * as Y from "yjs";

import { editsBetween, meetTexts } from "./meeting";
import { createPostText } from "./text";

function share(content: string) {
  const doc = new Y.Doc();
  const shared = doc.getText("content");
  shared.insert(0, content);
  const other = new Y.Doc();
  Y.applyUpdate(other, Y.encodeStateAsUpdate(doc));
  other.on("update", (update: Uint8Array) => Y.applyUpdate(doc, update, "net"));
  return { shared, other: other.getText("content") };
}

const views: EditorView[] = [];
afterEach(() => views.splice(0).forEach((view) => view.destroy()));

function show(text: ReturnType<typeof createPostText>, doc: string) {
  const view = new EditorView({
    state: EditorState.create({ doc, extensions: [text.extension, keymap.of(historyKeymap)] }),
  });
  views.push(view);
  return view;
}

test.each([
  ["one two three", "zero one two three", "one two three four", "zero one two three four"],
  ["one two three", "one three", "one two two and a half three", "one two and a half three"],
  ["one", "one mine", "one theirs", "one theirs mine"],
  ["one", "one saved", "one saved", "one saved"],
  ["one\ntwo", "one saved\ntwo", "one saved\ntwo theirs", "one saved\ntwo theirs"],
  ["", "mine", "theirs", "theirsmine"],
  ["😀 a", "😁 a", "😀 b", "😁 b"],
])("of %j, %j here and %j there are one", (base, mine, theirs, both) => {
  const { here, there } = meetTexts(base, mine, theirs);
  const apply = (text: string, changes: typeof here) =>
    EditorState.create({ doc: text }).update({ changes }).state.doc.toString();
  expect([apply(mine, here), apply(theirs, there)]).toEqual([both, both]);
});

test("an edit says only what differs", () => {
  expect(editsBetween("a b c d", "a x c y d")).toEqual([
    { from: 2, to: 3, insert: "x" },
    { from: 5, to: 5, insert: " y" },
  ]);
});

test("a text becomes shared under the caret, and undo takes back one's own alone", () => {
  const { shared, other } = share("Base.");
  const text = createPostText("Base.");
  const view = show(text, "Base.");
  view.dispatch({ changes: { from: 5, insert: " Mine." }, selection: { anchor: 11 } });
  other.insert(0, "First. ");
  text.join(shared, "Base.", []);
  expect(view.state.doc.toString()).toBe("First. Base. Mine.");
  expect(shared.toJSON()).toBe("First. Base. Mine.");
  expect(view.state.selection.main.head).toBe(18);
  other.insert(0, "Theirs. ");
  expect(text.read()).toBe("Theirs. First. Base. Mine.");
  undo(view);
  expect([text.read(), shared.toJSON()]).toEqual(["Theirs. First. Base.", "Theirs. First. Base."]);
});

test("Shift makes redo of undo, with Caps Lock too", () => {
  const text = createPostText("Base.");
  const view = show(text, "Base.");
  const press = (key: string, shiftKey: boolean) =>
    view.contentDOM.dispatchEvent(new KeyboardEvent("keydown", { key, keyCode: 90, ctrlKey: true, shiftKey }));
  view.dispatch({ changes: { from: 5, insert: " One." }, annotations: isolateHistory.of("full") });
  view.dispatch({ changes: { from: 10, insert: " Two." }, annotations: isolateHistory.of("full") });
  for (const key of ["z", "Z"]) {
    undo(view);
    expect(text.read()).toBe("Base. One.");
    press(key, true);
    expect(text.read()).toBe("Base. One. Two.");
  }
});

test("what others wrote is taken whole, whatever ends their lines and however long it is", () => {
  const { shared, other } = share("a\r\nb");
  const text = createPostText("a\nb");
  const view = show(text, "a\nb");
  text.join(shared, "a\nb", []);
  other.insert(other.length, "c");
  view.dispatch({ changes: { from: 0, insert: "x".repeat(450_000) + "y" } });
  expect(shared.toJSON()).toBe(text.read());
  expect(shared.toJSON().endsWith("c")).toBe(true);
});

test("after leaving, each goes on for itself", () => {
  const { shared, other } = share("a");
  const text = createPostText("a");
  const leave = text.join(shared, "a", []);
  text.replace("ab");
  expect(shared.toJSON()).toBe("ab");
  leave();
  text.replace("abc");
  other.insert(0, "z");
  expect([shared.toJSON(), text.read()]).toEqual(["zab", "abc"]);
});
