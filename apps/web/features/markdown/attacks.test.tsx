/* Nothing a person writes runs, leaves this site unasked, takes a name or a look that isn't theirs. */
import { expect, test } from "vitest";
import { namesAnotherHost, readAddress } from "./addresses";
import { payloads } from "./payloads";
import { page } from "./testing";

const ELEMENTS = new Set(
  (
    "a abbr b bdi blockquote br button cite code dd del details dfn div dl dt em figcaption figure h1 h2 h3 h4 h5 h6 hr i img input ins " +
    "kbd li mark ol p path pre q rect rp rt ruby s samp section small span strong sub summary sup svg table tbody td tfoot th thead tr tt u ul var wbr"
  ).split(" "),
);
const FORMULA = new Set(
  "math semantics annotation mrow mi mo mn mtext ms mspace msup msub msubsup mfrac msqrt mroot mover munder munderover mtable mtr mtd mstyle mpadded mphantom menclose merror mglyph span svg path line g".split(
    " ",
  ),
);
const ATTRIBUTES = new Set(
  "align alt aria-describedby aria-hidden aria-label checked class colspan data-footnote-backref data-footnote-ref data-footnotes data-user decoding dir disabled height href id loading open rel reversed role rowspan src start tabindex title translate type value width".split(
    " ",
  ),
);
const CLASSES =
  /^(?:prose|plain|plain-note|heading|anchor|mention|host|code|named|caption|copy|tex|table|task|footnotes|formula|display|katex-display|katex-error|language-[\w+#.-]+|hljs-[\w-]+|function_|class_|constant_|language_|inherited__|invoke__)$/;

function faults(document: Document): string[] {
  const found: string[] = [];
  for (const element of document.body.querySelectorAll("*")) {
    const name = element.localName;
    const katex = element.closest(".katex") !== null;
    const ours = element.closest(".copy") !== null;
    if (katex ? !FORMULA.has(name) : !ELEMENTS.has(name)) found.push(`<${name}>`);
    if ((name === "button" || name === "svg") && !ours && !katex) found.push(`<${name}> of a person`);
    for (const { name: attribute, value } of element.attributes) {
      if (/^on/i.test(attribute)) found.push(`${name} ${attribute}`);
      if (ours) continue;
      if (katex ? /href|src$|^id$|^data-/.test(attribute) : !ATTRIBUTES.has(attribute))
        found.push(`${name} ${attribute}=${value}`);
      if (katex && attribute === "style" && /url|position:\s*fixed|expression/i.test(value))
        found.push(`style ${value}`);
      if (attribute === "id" && !value.startsWith("in-")) found.push(`id ${value}`);
      if (attribute === "class" && !katex)
        for (const one of element.classList) if (!CLASSES.test(one)) found.push(`class ${one}`);
      if (attribute === "href" || attribute === "src") found.push(...badAddress(element, value));
    }
  }
  const ids = [...document.querySelectorAll("[id]")].map((element) => element.id);
  if (new Set(ids).size < ids.length) found.push("an id twice");
  return found;
}

function badAddress(element: Element, value: string): string[] {
  const url = new URL(value, "https://own.example/posts/x");
  const own = url.origin === "https://own.example";
  if (element.localName === "img") return own ? [] : [`picture of ${value}`];
  if (!["http:", "https:", "mailto:"].includes(url.protocol)) return [`address ${value}`];
  const rel = element.getAttribute("rel") ?? "";
  return own || url.protocol === "mailto:" || rel === "noopener noreferrer nofollow" ? [] : [`rel ${value}`];
}

test("there are enough payloads", () => {
  expect(payloads.length).toBeGreaterThan(500);
});

test("no payload leaves anything that isn't on the list", async () => {
  const failed: Record<string, string[]> = {};
  for (const payload of payloads) {
    const found = faults(await page(payload, { people: [{ user_id: "1", name: "<b>" }] }));
    if (found.length > 0) failed[payload] = found;
  }
  expect(failed).toEqual({});
}, 600_000);

test("nor do all of them in one text", async () => {
  for (let at = 0; at < payloads.length; at += 20)
    expect(faults(await page(payloads.slice(at, at + 20).join("\n\n")))).toEqual([]);
}, 600_000);

test("an address is what a browser makes of it", () => {
  for (const written of [
    "/\\a.example",
    "\\\\a.example",
    "//a.example",
    "/\t/a.example",
    "http:a.example",
    "///a.example",
  ])
    expect(readAddress(written, "/posts/x")?.kind, written).not.toBe("local");
  for (const written of [
    "/.//a.example",
    "javascript:1",
    "data:,",
    "blob:https://a/1",
    "https://",
    "https://u@here.invalid",
  ])
    expect(readAddress(written, "/posts/x"), written).toBeNull();
  expect(readAddress("./other?x#y", "/posts/x")).toEqual({ kind: "local", href: "/posts/other?x#y" });
});

test("a link whose words name another host says where it leads", async () => {
  const text = async (source: string) => (await page(source)).body.textContent;
  expect(await text("[https://bank.example](https://evil.example/)")).toContain("(evil.example)");
  expect(await text("[bank.example/login](https://evil.example/)")).toContain("(evil.example)");
  expect(await text("[b\u200bank.example](https://evil.example/)")).toContain("(evil.example)");
  expect(await text("[x](https://bank.example@evil.example/)")).toContain("(evil.example)");
  expect(await text("[bаnk.example](https://bank.example/)")).toContain("(bank.example)");
  expect(await text("[www.bank.example](https://bank.example/)")).not.toContain("(");
  expect(await text("https://bank.example/a")).not.toContain("(");
  expect(namesAnotherHost("polynomial-commitments.md", "github.com")).toBe(false);
  expect(namesAnotherHost("the docs", "github.com")).toBe(false);
});
