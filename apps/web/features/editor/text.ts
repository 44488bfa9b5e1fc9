/**
 * The one owner of a post's text. Whoever reads or replaces it asks here, and the view is bound to it by `extension`
 * alone: a shared document is another PostText (its extension from y-codemirror.next, `replace` a transaction of the
 * Y.Text) and nothing else in the editor changes.
 */
import { history, isolateHistory } from "@codemirror/commands";
import { Text, type Extension } from "@codemirror/state";
import { EditorView, ViewPlugin } from "@codemirror/view";

export interface PostText {
  read(): string;
  /** As one step, which undo takes back. */
  replace(text: string): void;
  subscribe(changed: () => void): () => void;
  /** Binds a view to this text, which the view must begin with. */
  readonly extension: Extension;
}

export function createLocalText(initial: string): PostText {
  let doc = Text.of(initial.split("\n"));
  let read: { doc: Text; text: string } | null = null;
  let view: EditorView | null = null;
  const listeners = new Set<() => void>();
  const told = (next: Text) => {
    doc = next;
    listeners.forEach((changed) => changed());
  };
  return {
    read() {
      if (read?.doc !== doc) read = { doc, text: doc.toString() };
      return read.text;
    },
    replace(text) {
      if (text === this.read()) return;
      if (!view) return told(Text.of(text.split("\n")));
      view.dispatch({
        changes: differing(this.read(), text),
        annotations: isolateHistory.of("full"),
        userEvent: "input.replace",
      });
    },
    subscribe(changed) {
      listeners.add(changed);
      return () => listeners.delete(changed);
    },
    extension: [
      history(),
      EditorView.updateListener.of((update) => {
        if (update.docChanged) told(update.state.doc);
      }),
      ViewPlugin.define((bound) => {
        view = bound;
        return { destroy: () => (view = null) };
      }),
    ],
  };
}

/** The one stretch in which two texts differ, so that carets elsewhere stay where they are. */
export function differing(from: string, to: string): { from: number; to: number; insert: string } {
  const shorter = Math.min(from.length, to.length);
  let start = 0;
  while (start < shorter && from[start] === to[start]) start++;
  let end = 0;
  while (end < shorter - start && from[from.length - 1 - end] === to[to.length - 1 - end]) end++;
  return { from: start, to: from.length - end, insert: to.slice(start, to.length - end) };
}
