"use node";
// A document of Yjs as a text, and an edit of the text as an edit of the document. Apart from the queries and mutations,
// whose bundle is read at each run and needs none of it.
import diff from "fast-diff";
import * as Y from "yjs";

/** Of UTF-16 at once: as an update it stays below what one may weigh. */
const INSERTED = 200_000;
const PART_BYTES = 900_000;
/** Beyond so many lines or characters that differ, finding out which ones takes too long. */
const COMPARED_LINES = 5_000;
const COMPARED_CHARACTERS = 20_000;

type Change = [kind: -1 | 0 | 1, text: string];

/** What a post's text is as a document, the same whoever makes it. */
export function documentOf(text: string): Y.Doc {
  const doc = new Y.Doc();
  doc.clientID = 0;
  insert(doc, 0, text);
  return doc;
}

/** As others will see it: an update that can't be read is left out. */
export function merge(updates: readonly ArrayBuffer[]): Y.Doc {
  const doc = new Y.Doc();
  for (const each of updates) {
    const update = new Uint8Array(each);
    try {
      Y.decodeUpdate(update);
      Y.applyUpdate(doc, update);
    } catch {
      // Whoever sent it spoils nobody's text but their own.
    }
  }
  return doc;
}

export function textOf(doc: Y.Doc): string {
  return doc.getText("content").toJSON();
}

export function wholeOf(doc: Y.Doc): ArrayBuffer[] {
  const bytes = Y.encodeStateAsUpdate(doc);
  const parts = [];
  for (let at = 0; at < bytes.length; at += PART_BYTES) {
    parts.push(bytes.slice(at, at + PART_BYTES).buffer);
  }
  return parts;
}

/** Makes the text of `doc` that one, and gives the updates that do so. */
export function rewrite(doc: Y.Doc, text: string): ArrayBuffer[] {
  const updates: ArrayBuffer[] = [];
  const keep = (update: Uint8Array) => updates.push(update.slice().buffer);
  doc.on("update", keep);
  let at = 0;
  for (const [kind, part] of changes(textOf(doc), text)) {
    if (kind === diff.DELETE) {
      doc.getText("content").delete(at, part.length);
    } else {
      if (kind === diff.INSERT) {
        insert(doc, at, part);
      }
      at += part.length;
    }
  }
  doc.off("update", keep);
  return updates;
}

/** How many characters lie between two texts. */
export function distance(before: string, after: string): number {
  return changes(before, after).reduce((sum, [kind, part]) => sum + (kind === diff.EQUAL ? 0 : part.length), 0);
}

function insert(doc: Y.Doc, at: number, text: string): void {
  for (let done = 0; done < text.length;) {
    let end = Math.min(done + INSERTED, text.length);
    if (isHighSurrogate(text, end - 1) && end < text.length) {
      end++;
    }
    doc.getText("content").insert(at + done, text.slice(done, end));
    done = end;
  }
}

/** Line by line, and character by character where lines differ. */
function changes(before: string, after: string): Change[] {
  const lines = new Map<string, string>();
  const coded = [before, after].map((text) =>
    (text.match(/[^\n]*\n|[^\n]+/g) ?? []).map((line) => codeOf(lines, line)),
  );
  const [ours = [], theirs = []] = coded;
  if (lines.size > COMPARED_LINES) {
    return compare(before, after);
  }
  const named = [...lines.keys()];
  const spell = (codes: string) => [...codes].map((code) => named[code.charCodeAt(0) - FIRST_CODE]).join("");
  const whole: Change[] = [];
  let gone = "";
  let come = "";
  const flush = () => {
    whole.push(...compare(gone, come));
    gone = come = "";
  };
  for (const [kind, codes] of diff(ours.join(""), theirs.join(""))) {
    if (kind === diff.EQUAL) {
      flush();
      whole.push([kind, spell(codes)]);
    } else if (kind === diff.DELETE) {
      gone += spell(codes);
    } else {
      come += spell(codes);
    }
  }
  flush();
  return whole;
}

/** Below the surrogates, so that each line is one character. */
const FIRST_CODE = 0x100;

function codeOf(lines: Map<string, string>, line: string): string {
  const code = lines.get(line) ?? String.fromCharCode(FIRST_CODE + lines.size);
  lines.set(line, code);
  return code;
}

function compare(before: string, after: string): Change[] {
  if (before === "" && after === "") {
    return [];
  }
  if (Math.min(before.length, after.length) <= COMPARED_CHARACTERS) {
    return diff(before, after);
  }
  let start = 0;
  while (start < before.length && before[start] === after[start]) {
    start++;
  }
  start -= isHighSurrogate(before, start - 1) ? 1 : 0;
  let [end, theirs] = [before.length, after.length];
  while (end > start && theirs > start && before[end - 1] === after[theirs - 1]) {
    end--;
    theirs--;
  }
  if (isHighSurrogate(before, end - 1) && end < before.length) {
    end++;
    theirs++;
  }
  const all: Change[] = [
    [diff.EQUAL, before.slice(0, start)],
    [diff.DELETE, before.slice(start, end)],
    [diff.INSERT, after.slice(start, theirs)],
    [diff.EQUAL, before.slice(end)],
  ];
  return all.filter(([, part]) => part !== "");
}

function isHighSurrogate(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= 0xd800 && code < 0xdc00;
}
