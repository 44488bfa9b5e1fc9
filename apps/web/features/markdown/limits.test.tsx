/* Texts made to take long or to end a program. None may throw; each is laid out or shown as written. */
import { expect, test } from "vitest";
import { DEEPEST, depthOfHtml } from "./limits";
import { parse } from "./parse";
import { readHeadings } from "./readHeadings";
import { render } from "./testing";
import { english } from "./words";

const lines = (count: number, line: (index: number) => string, between = "\n") =>
  Array.from({ length: count }, (_, index) => line(index)).join(between);

const REFUSED: Record<string, string> = {
  "a megabyte": "word ".repeat(200_000),
  quotations: ">".repeat(10_000),
  "quotations, one more a line": lines(100, (index) => `${">".repeat(index)} a`),
  "lists in one line": `${"- ".repeat(10_000)}a`,
  "lists by indentation": lines(300, (index) => `${"  ".repeat(index)}- a`),
  brackets: "[".repeat(10_000),
  pictures: "![[]()".repeat(5_000),
  emphasis: "*a_ ".repeat(10_000),
  "emphasis behind what looks like code": `> \`\`\`\n${"*a_ ".repeat(10_000)}`,
  declarations: "x <? ".repeat(5_000),
  comments: "x <!-- ".repeat(5_000),
  "elements in one another": "<div>\n\n".repeat(2_000),
  "elements in one another, with ends of others": "<div></b>\n\n".repeat(2_000),
  tags: "<b>a</b>\n\n".repeat(4_000),
  "one long address used often": `[r]: /${"x".repeat(10_000)}\n\n${"[r]\n\n".repeat(1_000)}`,
  addresses: "www.a.example ".repeat(10_000),
};

test.each(Object.entries(REFUSED))("%s: shown as written", async (_name, source) => {
  const html = await render(source);
  expect(html).toContain(english.plain);
  expect(html).not.toContain("<a ");
  expect(readHeadings(source)).toEqual([]);
});

test("elements in one another are refused before anything recurses into them", () => {
  const neverCalled = () => {
    throw new Error("the parser of HTML was asked");
  };
  expect(parse("<div>\n\n".repeat(DEEPEST + 1), "", english, neverCalled)).toBeNull();
});

test.each([
  ["<ul><li>a<li>b</ul>", 1],
  ["<p>a<p>b<br><img src=a>", 0],
  ["<div><!-- <div><div> --></div><div>", 1],
  ["</b></b><b><i>", 2],
])("%s: elements open at once", (html, depth) => expect(depthOfHtml([html])).toBe(depth));

const LAID_OUT: Record<string, string> = {
  "deep, but not too deep": `${"> ".repeat(20)}a`,
  braces: `$$${"{".repeat(3_000)}$$`,
  fractions: `$$${"\\frac{1}{".repeat(200)}x${"}".repeat(200)}$$`,
  "macros of macros":
    "$$\\def\\a{xx}\\def\\b{\\a\\a\\a\\a\\a}\\def\\c{\\b\\b\\b\\b\\b\\b}\\def\\d{\\c\\c\\c\\c\\c\\c}\\d$$",
  formulas: "$a$\n\n".repeat(2_000),
  "a long line of code": `\`\`\`js\n${"(".repeat(3_000)}\n\`\`\``,
  "a table of many rows": `| a |\n|---|\n${"| b |\n".repeat(500)}`,
  "many paragraphs of HTML": "<p>a\n\n".repeat(500),
  nothing: "",
  "a lone surrogate": "# \ud800 \ufffe\u0000",
};

test.each(Object.entries(LAID_OUT))("%s: laid out", async (_name, source) => {
  expect(await render(source)).not.toContain(english.plain);
});
