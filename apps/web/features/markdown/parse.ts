/* Markdown to a tree of clean elements. The order is what keeps people safe: everything a person wrote, raw HTML and
   footnotes included, is in the tree before the wall (schema.ts) is built, and nothing of theirs joins it later. */
import type { Root as HastRoot } from "hast";
import { sanitize } from "hast-util-sanitize";
import type { Html, Root } from "mdast";
import { fromMarkdown } from "mdast-util-from-markdown";
import { gfmFromMarkdown } from "mdast-util-gfm";
import { mathFromMarkdown } from "mdast-util-math";
import { toHast } from "mdast-util-to-hast";
import { gfm } from "micromark-extension-gfm";
import { visit } from "unist-util-visit";
import { DEEPEST, depthOfHtml, isTooDeep, isTooMuch, LONGEST_ADDRESSES, MOST_TAGS } from "./limits";
import { maths } from "./maths";
import { schemaFor, tagsThatAreText } from "./schema";
import type { Tools } from "./tools";
import type { Words } from "./words";

/* Only what is plainly a list of names and values: a text that begins with a line and has another further down is one. */
const FRONT_MATTER =
  /^\ufeff?---[ \t]*\r?\n(?:(?:[\w-]+:.*|[ \t]+\S.*|-[ \t].*|#.*|[ \t]*)\r?\n)*?---[ \t]*(?:\r?\n|$)/;
/* Half of a character, which no address can hold. */
const LONE = /\p{Surrogate}/gu;

/** Null where the text is too much to be laid out. Every id begins with `prefix`. */
export function parse(source: string, prefix: string, words: Words, raw: Tools["raw"]): HastRoot | null {
  if (isTooMuch(source)) return null;
  const document = fromMarkdown(source.replace(LONE, "\ufffd").replace(FRONT_MATTER, ""), {
    extensions: [gfm(), maths()],
    mdastExtensions: [gfmFromMarkdown(), mathFromMarkdown()],
  });
  if (isTooDeep(document as never, DEEPEST) || lengthOfReferences(document) > LONGEST_ADDRESSES) return null;
  const html = tidyHtml(document);
  const tags = html.reduce((sum, piece) => sum + piece.split("<").length, 0);
  if (tags > MOST_TAGS || depthOfHtml(html) > DEEPEST) return null;
  const written = toHast(document, {
    allowDangerousHtml: true,
    clobberPrefix: "",
    footnoteLabel: words.footnotes,
    footnoteBackLabel: (index, again) => `${words.backToText} ${index + 1}${again > 1 ? `-${again}` : ""}`,
  });
  const tree = (tags > 0 && raw ? raw(written) : written) as HastRoot;
  if (isTooDeep(tree, DEEPEST)) return null;
  return sanitize(tree, schemaFor(prefix)) as HastRoot;
}

/** What raw HTML there is, in the order of the text. */
function tidyHtml(document: Root): string[] {
  const pieces: string[] = [];
  visit(document, "html", (node: Html) => {
    node.value = tagsThatAreText(node.value);
    pieces.push(node.value);
  });
  return pieces;
}

function lengthOfReferences(document: Root): number {
  const lengths = new Map<string, number>();
  let length = 0;
  visit(document, "definition", ({ identifier, url, title }) => {
    lengths.set(identifier, Math.max(lengths.get(identifier) ?? 0, url.length + (title?.length ?? 0)));
  });
  visit(document, (node) => {
    if (node.type === "linkReference" || node.type === "imageReference") length += lengths.get(node.identifier) ?? 0;
  });
  return length;
}
