import { describe, expect, it } from "vitest";

import { deedOfChord, makeLetterReader, type Press } from "./bindings";

function press(key: string, change: Partial<Press> = {}): Press {
  const none = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, isComposing: false, repeat: false };
  return { key, code: `Key${key.toUpperCase()}`, ...none, ...change };
}

describe("chords", () => {
  it("finds with Ctrl or ⌘, and by where the key lies on a layout without Latin letters", () => {
    expect(deedOfChord(press("k", { ctrlKey: true }))).toBe("find");
    expect(deedOfChord(press("k", { metaKey: true }))).toBe("find");
    expect(deedOfChord(press("л", { ctrlKey: true, code: "KeyK" }))).toBe("find");
    expect(deedOfChord(press("K", { ctrlKey: true }))).toBe("find");
  });

  it("goes by what a key writes where it writes Latin letters: Dvorak's K lies on V", () => {
    expect(deedOfChord(press("k", { ctrlKey: true, code: "KeyV" }))).toBe("find");
    expect(deedOfChord(press("t", { ctrlKey: true, code: "KeyK" }))).toBeNull();
  });

  it("leaves other chords alone", () => {
    expect(deedOfChord(press("k"))).toBeNull();
    expect(deedOfChord(press("k", { ctrlKey: true, shiftKey: true }))).toBeNull();
    expect(deedOfChord(press("k", { ctrlKey: true, altKey: true }))).toBeNull();
    expect(deedOfChord(press("k", { ctrlKey: true, isComposing: true }))).toBeNull();
  });

  it("walks the regions with F6", () => {
    expect(deedOfChord(press("F6"))).toBe("nextRegion");
    expect(deedOfChord(press("F6", { shiftKey: true }))).toBe("previousRegion");
  });
});

describe("letters", () => {
  it("does what a letter says", () => {
    const read = makeLetterReader();
    expect(read(press("c"), 0)).toBe("newPost");
    expect(read(press("о", { code: "KeyJ" }), 0)).toBe("next");
    expect(read(press("?", { code: "Slash", shiftKey: true }), 0)).toBe("shortcuts");
  });

  it("takes a bracket however the layout writes it", () => {
    const read = makeLetterReader();
    const bracket = { code: "Digit9" };
    expect(read(press("]", bracket), 0)).toBe("beside");
    expect(read(press("]", { ...bracket, ctrlKey: true, altKey: true }), 0)).toBe("beside");
    expect(read(press("]", { ...bracket, altKey: true }), 0)).toBe("beside");
    expect(read(press("]", { ...bracket, ctrlKey: true }), 0)).toBeNull();
  });

  it("waits a moment for the letter after G", () => {
    const read = makeLetterReader();
    expect(read(press("g"), 0)).toBeNull();
    expect(read(press("i"), 1000)).toBe("goInbox");
    expect(read(press("i"), 1100)).toBeNull();
    expect(read(press("g"), 2000)).toBeNull();
    expect(read(press("p"), 4000)).toBeNull();
    expect(read(press("g"), 5000)).toBeNull();
    expect(read(press("c"), 5100)).toBe("newPost");
  });

  it("is silent while somebody composes, holds a modifier or has not let go", () => {
    const read = makeLetterReader();
    expect(read(press("c", { isComposing: true }), 0)).toBeNull();
    expect(read(press("Process", { code: "KeyC" }), 0)).toBeNull();
    expect(read(press("Dead", { code: "KeyU" }), 0)).toBeNull();
    for (const held of [{ ctrlKey: true }, { metaKey: true }, { altKey: true }, { shiftKey: true }, { repeat: true }])
      expect(read(press("c", held), 0)).toBeNull();
    expect(read(press("j", { repeat: true }), 0)).toBe("next");
  });
});
