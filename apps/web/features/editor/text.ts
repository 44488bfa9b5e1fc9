/**
 * The one owner of a post's text. Whoever reads or replaces it asks here, and the view is bound to it by `extension`
 * alone. It begins as this page's own and can become one that others write too, while it is shown: the caret stays, and
 * undo goes on taking back what was written here and nothing else.
 */
import { history, isolateHistory, redo } from "@codemirror/commands";
import {
  Annotation,
  ChangeSet,
  Compartment,
  EditorState,
  Prec,
  Text,
  Transaction,
  type Extension,
} from "@codemirror/state";
import { EditorView, ViewPlugin } from "@codemirror/view";
import type * as Y from "yjs";

import { meetTexts } from "./meeting";

export interface PostText {
  read(): string;
  /** As one step, which undo takes back. */
  replace(text: string): void;
  subscribe(changed: () => void): () => void;
  /** Writes into `shared` from now on, and takes what others write there. `base` is what both were made of; what differs
   * from it here is written there. Gives what ends it: the text then is this page's own again. */
  join(shared: Y.Text, base: string, extension: Extension): () => void;
  /** Binds a view to this text, which the view must begin with. */
  readonly extension: Extension;
}

/** Of others: no limit stops it, undo leaves it alone, and it isn't sent back. */
export const theirs = Annotation.define<boolean>();
/** Of UTF-16 at once, so that an update stays below what one may weigh (as in convex/texts.ts). */
const INSERTED = 200_000;

export function createPostText(initial: string): PostText {
  let doc = Text.of(initial.split("\n"));
  let read: { doc: Text; text: string } | null = null;
  let view: EditorView | null = null;
  let bound: { shared: Y.Text; extension: Extension } | null = null;
  const joined = new Compartment();
  const listeners = new Set<() => void>();
  /** Marks in the shared document what was written here. */
  const here = {};
  const told = (next: Text) => {
    doc = next;
    listeners.forEach((changed) => changed());
  };
  const text = () => {
    if (read?.doc !== doc) read = { doc, text: doc.toString() };
    return read.text;
  };
  const take = (changes: ChangeSet) => {
    if (changes.empty) return;
    if (!view) return told(changes.apply(doc));
    view.dispatch({ changes, annotations: [theirs.of(true), Transaction.addToHistory.of(false)], filter: false });
  };
  const look = (event: Y.YTextEvent, transaction: Y.Transaction) => {
    if (transaction.origin !== here) take(changesOf(event, doc.length));
  };
  return {
    read: text,
    replace(next) {
      if (next === text()) return;
      const changes = differing(text(), next);
      if (view) {
        view.dispatch({ changes, annotations: isolateHistory.of("full"), userEvent: "input.replace" });
        return;
      }
      const change = ChangeSet.of(changes, doc.length, "\n");
      if (bound) write(bound.shared, change, here);
      told(change.apply(doc));
    },
    subscribe(changed) {
      listeners.add(changed);
      return () => listeners.delete(changed);
    },
    join(shared, base, extension) {
      endLines(shared, here);
      const met = meetTexts(base, text(), textOf(shared));
      write(shared, met.there, here);
      take(met.here);
      bound = { shared, extension };
      shared.observe(look);
      view?.dispatch({ effects: joined.reconfigure(extension) });
      return () => {
        shared.unobserve(look);
        bound = null;
        view?.dispatch({ effects: joined.reconfigure([]) });
      };
    },
    get extension() {
      return [
        history(),
        Prec.high(EditorView.domEventHandlers({ keydown: redoByKeys })),
        // Others' texts may have other ends of lines: places must be counted as they count them.
        EditorState.lineSeparator.of("\n"),
        EditorView.clipboardInputFilter.of((pasted) => pasted.replace(/\r\n?/g, "\n")),
        EditorView.updateListener.of(({ docChanged, changes, transactions, state }) => {
          if (!docChanged) return;
          const isTheirs = transactions.some((each) => each.annotation(theirs));
          if (bound && !isTheirs) write(bound.shared, changes, here);
          told(state.doc);
        }),
        ViewPlugin.define((shown) => {
          view = shown;
          return { destroy: () => (view = null) };
        }),
        joined.of(bound?.extension ?? []),
      ];
    },
  };
}

/** On every system, and with Caps Lock too: Shift then makes a small letter, which the keymap takes for undo's. */
function redoByKeys(event: KeyboardEvent, view: EditorView): boolean {
  const isMeant =
    event.key.toLowerCase() === "z" && event.shiftKey && (event.ctrlKey || event.metaKey) && !event.altKey;
  if (isMeant) redo(view);
  return isMeant;
}

/** What isn't text takes one place, as it does there. */
function textOf(shared: Y.Text): string {
  return (shared.toDelta() as { insert: unknown }[]).map(({ insert }) => insertedOf(insert)).join("");
}

/** As the editor ends lines: what two people take away at once is gone once. */
function endLines(shared: Y.Text, origin: unknown): void {
  const found = [...textOf(shared).matchAll(/\r(?=\n)/g)].reverse();
  if (found.length > 0) shared.doc?.transact(() => found.forEach(({ index }) => shared.delete(index, 1)), origin);
}

function insertedOf(insert: unknown): string {
  return typeof insert === "string" ? insert : "\ufffc";
}

function changesOf(event: Y.YTextEvent, length: number): ChangeSet {
  const changes: { from: number; to?: number; insert?: string }[] = [];
  let at = 0;
  for (const { insert, delete: gone, retain } of event.delta) {
    if (insert !== undefined) changes.push({ from: at, insert: insertedOf(insert) });
    else if (gone !== undefined) changes.push({ from: at, to: (at += gone) });
    else at += retain ?? 0;
  }
  return ChangeSet.of(changes, length, "\n");
}

function write(shared: Y.Text, changes: ChangeSet, origin: unknown): void {
  const edits: { at: number; gone: number; insert: string }[] = [];
  // By where the new text has it, each is in its place when those before it are done.
  changes.iterChanges((fromA, toA, at, _toB, inserted) => {
    let insert = inserted.toString();
    let gone = toA - fromA;
    do {
      const end = isHighSurrogate(insert, INSERTED - 1) ? INSERTED + 1 : INSERTED;
      edits.push({ at, gone, insert: insert.slice(0, end) });
      insert = insert.slice(end);
      at += end;
      gone = 0;
    } while (insert);
  });
  const act = (some: typeof edits) =>
    shared.doc?.transact(() => {
      for (const { at, gone, insert } of some) {
        if (gone > 0) shared.delete(at, gone);
        if (insert) shared.insert(at, insert);
      }
    }, origin);
  if (changes.newLength > INSERTED) edits.forEach((edit) => act([edit]));
  else act(edits);
}

/** The one stretch in which two texts differ, so that carets elsewhere stay where they are. Characters stay whole. */
export function differing(from: string, to: string): { from: number; to: number; insert: string } {
  const shorter = Math.min(from.length, to.length);
  let start = 0;
  while (start < shorter && from[start] === to[start]) start++;
  if (start > 0 && isHighSurrogate(from, start - 1)) start--;
  let end = 0;
  while (end < shorter - start && from[from.length - 1 - end] === to[to.length - 1 - end]) end++;
  if (end > 0 && isHighSurrogate(from, from.length - end - 1) && isLowSurrogate(from, from.length - end)) end--;
  return { from: start, to: from.length - end, insert: to.slice(start, to.length - end) };
}

function isHighSurrogate(text: string, at: number): boolean {
  return (text.charCodeAt(at) & 0xfc00) === 0xd800;
}

function isLowSurrogate(text: string, at: number): boolean {
  return (text.charCodeAt(at) & 0xfc00) === 0xdc00;
}
