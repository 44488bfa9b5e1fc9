/* What Markdown becomes: every kind of block and the words around it. */
import { expect, test } from "vitest";
import messages from "@/messages/de.json";

import { readHeadings } from "./readHeadings";
import { page, render } from "./testing";

const german = messages.markdown;
const ANN = "00000000-0000-4000-8000-00000000000a";
const FILE = "00000000-0000-4000-8000-00000000000f";

test("headings have one id each, a link, and the contents list has the same", async () => {
  const source =
    "# Über uns\n\n## Same\n\n## Same\n\n## Same-1\n\n## `code` and $x$\n\n## !!!\n\n<h2 id=own>Own</h2>\n\n## fn-1\n\nA[^1]\n\n[^1]: b";
  const document = await page(source);
  const ids = [...document.querySelectorAll(".heading > :is(h1, h2)")].map((heading) => heading.id);
  expect(ids).toEqual([
    "in-über-uns",
    "in-same",
    "in-same-1",
    "in-same-1-1",
    "in-code-and-x",
    "in-section",
    "in-own",
    "in-fn-1-1",
  ]);
  expect(readHeadings(source).map(({ id }) => id)).toEqual(ids);
  expect(readHeadings(source)[0]).toEqual({ id: "in-über-uns", text: "Über uns", depth: 1 });
  for (const anchor of document.querySelectorAll<HTMLAnchorElement>(".anchor"))
    expect(ids).toContain(decodeURIComponent(anchor.getAttribute("href")!.slice(1)));
});

test("links to places of the text find them, also as other sites name them", async () => {
  const document = await page("## My Place\n\n[a](#my-place) [b](#My-Place) [c](#in-my-place) [d](#nowhere)");
  const links = [...document.querySelectorAll("p a")].map((link) => link.getAttribute("href"));
  expect(links).toEqual(["#in-my-place", "#in-my-place", "#in-my-place", "#in-nowhere"]);
});

test("two texts on one page share no id", async () => {
  const source = "## A\n\nb[^1]\n\n[^1]: c";
  const ids = (html: string) => [...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
  const [first, second] = [ids(await render(source, { scope: "c1" })), ids(await render(source, { scope: "c2" }))];
  expect(first).toHaveLength(4);
  expect(first.filter((id) => second.includes(id))).toEqual([]);
  expect(readHeadings(source, "c1")[0]?.id).toBe("in-c1-a");
});

test("footnotes lead there and back", async () => {
  const document = await page("One[^n] and again[^n].\n\n[^n]: The *note*.");
  const [reference] = document.querySelectorAll("[data-footnote-ref]");
  const note = document.querySelector(reference!.getAttribute("href")!);
  expect(note?.textContent).toContain("The note.");
  expect(document.getElementById(reference!.getAttribute("aria-describedby")!)?.textContent).toBe("Footnotes");
  const back = [...note!.querySelectorAll("[data-footnote-backref]")].map((link) => link.getAttribute("href")!);
  expect(back.map((href) => document.querySelector(href)?.tagName)).toEqual(["A", "A"]);
});

test("tables scroll in a place of their own, and cells keep their alignment", async () => {
  const document = await page("| a | b | c |\n|:--|--:|:-:|\n| 1 | 2 | ~~3~~ |");
  const region = document.querySelector(".table")!;
  expect([region.getAttribute("tabindex"), region.getAttribute("aria-label")]).toEqual(["0", "Table 1"]);
  expect([...region.querySelectorAll("td")].map((cell) => cell.getAttribute("align"))).toEqual([
    "left",
    "right",
    "center",
  ]);
  expect(region.querySelector("del")?.textContent).toBe("3");
  expect(document.querySelector("[style]")).toBeNull();
});

test("tasks show and can't be ticked", async () => {
  const document = await page("- [x] done *it*\n- [ ] not yet");
  const boxes = [...document.querySelectorAll<HTMLInputElement>("li.task > input")];
  expect(boxes.map((box) => [box.checked, box.disabled, box.getAttribute("aria-label")])).toEqual([
    [true, true, "done it"],
    [false, true, "not yet"],
  ]);
});

test("code has its language, colours by class and a button; an unknown language stays plain", async () => {
  const document = await page(
    "```python\ndef f(): return 1\n```\n\n```Solidity\ncontract A {}\n```\n\n```nonsense\nx < y\n```\n\n    bare",
  );
  const blocks = [...document.querySelectorAll(".code")];
  expect(blocks.map((block) => block.querySelector(".caption > span")?.textContent)).toEqual([
    "python",
    "Solidity",
    "nonsense",
    undefined,
  ]);
  expect(blocks.map((block) => block.querySelectorAll("[class^=hljs]").length > 0)).toEqual([true, true, false, false]);
  expect(blocks.every((block) => block.querySelector("button[aria-label='Copy code']"))).toBe(true);
  expect(blocks[2]?.querySelector("pre")?.textContent).toBe("x < y\n");
  expect(blocks[0]?.querySelector("pre")?.getAttribute("aria-label")).toBe("Code python 1");
});

test("a dollar begins maths only where nobody writes about money", async () => {
  const cases: [string, number][] = [
    ["$5 and $6", 0],
    ["It costs $5, US$7 or $8-$9.", 0],
    ["PATH=$HOME/bin:$PATH and $a$b", 0],
    ["a $ b $ c", 0],
    ["\\$x$", 0],
    ["`$x$` and <a href=$x$>a</a>", 0],
    ["the $n$-th", 1],
    ["$x$, ($y$) and $a\nb$", 3],
    ["$5 **bold** and $6 but $x_1 * y_2$", 1],
    ["$$x$$ inline", 1],
    ["$$\n\\frac{1}{2}\n$$", 1],
    ["```math\nx^2\n```", 1],
  ];
  for (const [source, count] of cases) {
    const document = await page(source);
    expect(document.querySelectorAll(".formula math").length, source).toBe(count);
    expect(document.querySelectorAll(".formula .katex-html").length, source).toBe(count);
  }
});

test("a formula that can't be set is shown as written", async () => {
  const document = await page("$\\frac{$ and $\\nope$");
  expect([...document.querySelectorAll("code.tex")].map((code) => code.textContent)).toEqual(["\\frac{", "\\nope"]);
});

test("front matter is hidden, and a text between two lines is not", async () => {
  expect((await page("---\neip: 1\nauthor: A <a@b.example>\nrequires:\n  - 2\n---\n\nText")).body.textContent).toBe(
    "Text",
  );
  expect((await page("---\n\nHello there\n\n---\n\nText")).body.textContent).toContain("Hello there");
});

test("a little HTML is kept, and what only looks like it is read", async () => {
  const document = await page(
    "a<br>b<sup>2</sup> <kbd>K</kbd>\n\n<details><summary>More</summary>\n\n- *in*\n\n</details>\n\nVec<Address256> and <your name>",
  );
  expect(document.querySelectorAll("br, sup, kbd, details > summary, details em").length).toBe(5);
  expect(document.body.textContent).toContain("Vec<Address256> and <your name>");
});

test("pictures come from this site; others are links that say so", async () => {
  const files = { [FILE]: "/api/web/files/x/content?signature=1" };
  const document = await page(
    `![a](/api/web/files/${FILE}) ![b](./b.png) ![c](https://c.example/c.png) [![d](//d.example/d)](/e)`,
    { base: "/posts/x", files },
  );
  const pictures = [...document.querySelectorAll("img")];
  expect(pictures.map((picture) => picture.getAttribute("src"))).toEqual([files[FILE], "/posts/b.png"]);
  expect(pictures.map((picture) => [picture.alt, picture.getAttribute("loading")])).toEqual([
    ["a", "lazy"],
    ["b", "lazy"],
  ]);
  expect([...document.querySelectorAll("a")].map((link) => [link.textContent, link.getAttribute("href")])).toEqual([
    ["c", "https://c.example/c.png"],
    ["d", "/e"],
  ]);
});

test("people are marked by link and by name, and not in code, links or addresses", async () => {
  const people = [
    { user_id: ANN, name: "Ann" },
    { user_id: "b", name: "Ann Lee" },
    { user_id: "c", name: null },
  ];
  const source = `@[Bo](mention://user/${ANN}) @ann lee, @Ann. \`@Ann\` [@Ann](x) a@ann.example @Anna \\@x`;
  const marks = [...(await page(source, { people })).querySelectorAll<HTMLElement>(".mention")];
  expect(marks.map((mark) => [mark.textContent, mark.dataset.user])).toEqual([
    ["@Bo", ANN],
    ["@ann lee", "b"],
    ["@Ann", ANN],
  ]);
  expect((await page(`@[Bo](mention://user/${ANN})!`)).body.textContent).toBe("@Bo!");
});

test("what the page itself says is in the reader's language", async () => {
  const html = await render("# A\n\n```js\n1\n```\n\nb[^1]\n\n[^1]: c", { words: german });
  for (const words of [german.linkTo, german.copy, german.footnotes, german.backToText]) expect(html).toContain(words);
});
