/**
 * What the keys do, and which key was pressed. Letters are matched by what they write; on a layout that writes no
 * Latin letters, by where they lie, so that ⌘K is one key for everybody.
 */
import { PANEL } from "@/features/shell/content";

export type Deed =
  | "find"
  | "shortcuts"
  | "newPost"
  | "newThread"
  | "goPosts"
  | "goInbox"
  | "goDrafts"
  | "next"
  | "previous"
  | "first"
  | "last"
  | "edit"
  | "comment"
  | "beside"
  | "markUnread"
  | "nextRegion"
  | "previousRegion";

export interface Binding {
  deed: Deed;
  /** Key caps as they are shown; one pressed after the other. "mod" is ⌘ on Apple's machines and Ctrl elsewhere. */
  keys: string[];
  /** Shown between the caps. */
  joined: "with" | "then" | "or";
}

export const BINDINGS: Record<"everywhere" | "lists" | "post" | "inbox", Binding[]> = {
  everywhere: [
    { deed: "find", keys: ["mod", "K"], joined: "with" },
    { deed: "newPost", keys: ["C"], joined: "with" },
    { deed: "newThread", keys: ["T"], joined: "with" },
    { deed: "goPosts", keys: ["G", "P"], joined: "then" },
    { deed: "goInbox", keys: ["G", "I"], joined: "then" },
    { deed: "goDrafts", keys: ["G", "D"], joined: "then" },
    { deed: "nextRegion", keys: ["F6"], joined: "with" },
    { deed: "previousRegion", keys: ["⇧", "F6"], joined: "with" },
    { deed: "shortcuts", keys: ["?"], joined: "with" },
  ],
  lists: [
    { deed: "next", keys: ["J", "↓"], joined: "or" },
    { deed: "previous", keys: ["K", "↑"], joined: "or" },
    { deed: "first", keys: ["Home"], joined: "with" },
    { deed: "last", keys: ["End"], joined: "with" },
  ],
  post: [
    { deed: "edit", keys: ["E"], joined: "with" },
    { deed: "comment", keys: ["R"], joined: "with" },
    { deed: "beside", keys: ["]"], joined: "with" },
  ],
  inbox: [{ deed: "markUnread", keys: ["U"], joined: "with" }],
};

/** What is asked of an event, so that a test needs no browser. */
export type Press = Pick<
  KeyboardEvent,
  "key" | "code" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey" | "isComposing" | "repeat"
>;

const LETTERS: Record<string, Deed> = {
  ...{ c: "newPost", t: "newThread", j: "next", k: "previous", u: "markUnread", "?": "shortcuts" },
  ...{ e: "edit", r: "comment", "]": "beside" },
};
const AFTER_G: Record<string, Deed> = { p: "goPosts", i: "goInbox", d: "goDrafts" };
const MILLISECONDS_BETWEEN = 1500;

/** The deed of a press with ⌘ or Ctrl, or of a key that writes nothing: good anywhere, in text too. */
export function deedOfChord(press: Press): Deed | null {
  if (press.isComposing || press.altKey) return null;
  if (press.key === "F6" && !press.ctrlKey && !press.metaKey) return press.shiftKey ? "previousRegion" : "nextRegion";
  const oneOfThem = press.ctrlKey !== press.metaKey;
  return oneOfThem && !press.shiftKey && latinOf(press) === "k" ? "find" : null;
}

/** The deed of a single letter. Remembers the G of "G then P" for a moment. */
export function makeLetterReader(): (press: Press, now: number) => Deed | null {
  let begunAt = -Infinity;
  return (press, now) => {
    // Many layouts write it with AltGr, which is Ctrl and Alt on some machines, or with Alt alone.
    const isBracket = press.key === "]" && !press.metaKey && (press.altKey || !press.ctrlKey);
    if (press.isComposing || (!isBracket && (press.ctrlKey || press.metaKey || press.altKey))) return null;
    if (["Shift", "AltGraph", "Alt", "Control"].includes(press.key)) return null;
    const letter = latinOf(press);
    const follows = now - begunAt <= MILLISECONDS_BETWEEN;
    begunAt = -Infinity;
    if (press.shiftKey && letter !== "?") return null;
    if (follows && AFTER_G[letter]) return AFTER_G[letter];
    if (letter === "g") {
      if (!press.repeat) begunAt = now;
      return null;
    }
    const deed = LETTERS[letter] ?? null;
    // Held down, a key may walk through a list; it doesn't open things again and again.
    return press.repeat && deed !== "next" && deed !== "previous" ? null : deed;
  };
}

function latinOf({ key, code }: Press): string {
  if (/^[\x20-\x7e]$/.test(key)) return key.toLowerCase();
  // "Ж" says where it lies; "Dead" or "Process" is somebody who is still writing a letter.
  return [...key].length === 1 ? (/^Key([A-Z])$/.exec(code)?.[1] ?? "").toLowerCase() : "";
}

const WRITES_NOTHING = ["button", "checkbox", "color", "file", "image", "radio", "range", "reset", "submit"];

/** Whether what has the focus takes letters itself: text fields, and menus, lists and dialogs with keys of their own.
 * The panel beside a post is none of these, even where it lies over the page. */
export function takesLetters(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) return !WRITES_NOTHING.includes(target.type);
  if (target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement)
    return true;
  return (
    target.closest(
      `[role="dialog"]:not(#${PANEL}),[role="alertdialog"],[role="menu"],[role="listbox"],[role="textbox"]`,
    ) !== null
  );
}
