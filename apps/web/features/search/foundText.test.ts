import { describe, expect, it } from "vitest";

import { foundText, wordsOf } from "./foundText";

const shown = (markdown: string, search: string) =>
  foundText(markdown, search)
    .map(({ text, hit }) => (hit ? `[${text}]` : text))
    .join("");

describe("the words of a search", () => {
  it("are what isn't a filter", () => {
    expect(wordsOf('blob from:"Ada Vale" fee tag:topic after:2026-01-31 has:file')).toEqual(["blob", "fee"]);
  });

  it("keep what only looks like one", () => {
    expect(wordsOf("https://example.org note: from:")).toEqual(["https", "example", "org", "note", "from"]);
  });
});

describe("a message that was found", () => {
  it("has words marked that begin as the search's do, whatever their case and accents", () => {
    expect(shown("Blobs: a Célèbre blob", "blob celebre")).toBe("[Blobs]: a [Célèbre] [blob]");
  });

  it("has nothing marked for a filter, nor within a word", () => {
    expect(shown("from there to the tablet", "from:ada able")).toBe("from there to the tablet");
  });

  it("is cut to what is around the first of them", () => {
    const text = `${"before ".repeat(60)}needle ${"after ".repeat(60)}`;
    const found = foundText(text, "needle");
    expect(found[0]?.text).toMatch(/^… /);
    expect(found.some((each) => each.hit && each.text === "needle")).toBe(true);
    expect(found.at(-1)?.text).toMatch(/…$/);
    expect(found.map((each) => each.text).join("").length).toBeLessThan(300);
  });

  it("is plain text: no mark-up is left to be read as such", () => {
    expect(shown("**see** [the page](https://example.org) `x`", "page")).toBe("see the [page] x");
  });
});
