import { describe, expect, it } from "vitest";

import { BLANK, changesBetween, countMarks, isUnfinishedSlug, meet, mergeTexts, slugOf, titleOf } from "./fields";

const post = { ...BLANK, title: "Base fee", content: "one\ntwo\nthree\n" };

describe("what is sent", () => {
  it("is only what changed", () => {
    expect(changesBetween(post, { ...post, title: "Base fees" })).toEqual({ title: "Base fees" });
    expect(changesBetween(post, { ...post })).toBeNull();
  });

  it("names readers with the visibility that has some, and never without", () => {
    const shared = { ...post, visibility: "people" as const, readers: ["a"] };
    expect(changesBetween(post, shared)).toEqual({ visibility: "people", readers: ["a"] });
    expect(changesBetween(shared, post)).toEqual({ visibility: "organization" });
  });

  it("names editors with any visibility, also when all of them go", () => {
    const together = { ...post, editors: ["a"] };
    expect(changesBetween(post, together)).toEqual({ editors: ["a"] });
    expect(changesBetween(together, { ...post, visibility: "author" })).toEqual({ visibility: "author", editors: [] });
  });
});

describe("two people's changes", () => {
  it("meet when they are of different things", () => {
    const { met, clashes } = meet(post, { ...post, title: "Mine" }, { ...post, content: "theirs" });
    expect(clashes).toEqual([]);
    expect(met).toMatchObject({ title: "Mine", content: "theirs" });
  });

  it("clash when they are of the same, unless they are the same", () => {
    expect(meet(post, { ...post, content: "a" }, { ...post, content: "b" }).clashes).toEqual(["content"]);
    expect(meet(post, { ...post, content: "a" }, { ...post, content: "a" }).clashes).toEqual([]);
  });

  it("merge passage by passage, with marks where both wrote, and lose no word", () => {
    const words = { mine: "yours", theirs: "theirs" };
    expect(mergeTexts("one\ntwo\nthree", "ONE\ntwo\nthree", "one\ntwo\nTHREE", words)).toBe("ONE\ntwo\nTHREE");
    const merged = mergeTexts("one\ntwo\nthree", "one\nmine\nthree", "one\nhers\nthree", words);
    expect(merged).toBe("one\n<<<<<<< yours\nmine\n=======\nhers\n>>>>>>> theirs\nthree");
    expect(countMarks(merged)).toBe(1);
  });

  it("counts no marks in a text about them", () => {
    expect(countMarks("git writes <<<<<<< HEAD before")).toBe(0);
    expect(countMarks("Title\n=======\n")).toBe(0);
  });
});

describe("a title", () => {
  it("is the text's first line until there is one", () => {
    expect(titleOf({ ...BLANK, content: "\n## Abstract\n\nText" }, "Untitled")).toBe("Abstract");
    expect(titleOf(BLANK, "Untitled")).toBe("Untitled");
    expect(titleOf({ ...BLANK, content: "x".repeat(400) }, "Untitled")).toHaveLength(300);
  });

  it("tells an address that has only its beginning from one that somebody chose", () => {
    expect(slugOf("Ein Satz: über  alles!")).toBe("ein-satz-über-alles");
    expect(isUnfinishedSlug("add-t", "Add time-weighted averaging")).toBe(true);
    expect(isUnfinishedSlug("add-t-2", "Add time-weighted averaging")).toBe(true);
    expect(isUnfinishedSlug("my-own", "Add time-weighted averaging")).toBe(false);
    expect(isUnfinishedSlug("add-time-2", "Add time")).toBe(false);
  });
});
