/* Names for the places of a text. Every id begins with a prefix, so that no heading and no footnote can take a name that
   a script or the page itself goes by (DOM clobbering); each is there once; links inside the text follow. */
import type { Element, Root } from "hast";
import { toString } from "hast-util-to-string";
import { slug } from "github-slugger";
import { SKIP, visit } from "unist-util-visit";

export interface Heading {
  id: string;
  text: string;
  depth: number;
}

const LONGEST_SLUG = 80;
/** Before every id of a text that has no scope of its own: `#in-abstract`. */
const PREFIX = "in-";

export function prefixOf(scope: string | undefined): string {
  return scope ? `${PREFIX}${scope.replace(/[^\w-]/g, "")}-` : PREFIX;
}

/** Gives each heading its id, in place, and tells them in order. */
export function nameHeadings(tree: Root, prefix: string): Heading[] {
  const ids = new Set<string>();
  const headings: { node: Element; depth: number }[] = [];
  visit(tree, "element", (node) => {
    const { id } = node.properties;
    if (typeof id === "string") {
      if (ids.has(id)) delete node.properties.id;
      else ids.add(id);
    }
    if ("dataFootnotes" in node.properties) return SKIP;
    if (/^h[1-6]$/.test(node.tagName)) headings.push({ node, depth: Number(node.tagName[1]) });
    return undefined;
  });
  // Footnotes' ids are taken too, though their label is no heading of the text.
  visit(tree, "element", (node) => {
    if (typeof node.properties.id === "string") ids.add(node.properties.id);
  });
  const next = new Map<string, number>();
  const named = headings.map(({ node, depth }) => {
    const text = toString(node).replace(/\s+/g, " ").trim();
    if (typeof node.properties.id !== "string") {
      const name = prefix + ([...slug(text)].slice(0, LONGEST_SLUG).join("").replace(/-+$/, "") || "section");
      let count = next.get(name) ?? 0;
      let id = count ? `${name}-${count}` : name;
      while (ids.has(id)) id = `${name}-${++count}`;
      next.set(name, count + 1);
      ids.add(id);
      node.properties.id = id;
    }
    return { id: node.properties.id as string, text, depth };
  });
  followLinks(tree, ids, prefix);
  return named.filter((heading) => heading.text !== "");
}

/* `#abstract`, as written by hand or on another site, is the place that is called in-abstract here. */
function followLinks(tree: Root, ids: ReadonlySet<string>, prefix: string): void {
  visit(tree, "element", (node) => {
    const { href } = node.properties;
    if (typeof href !== "string" || !href.startsWith("#")) return;
    const place = decoded(href.slice(1));
    const found = [prefix + place, place, prefix + place.toLowerCase()].find((id) => ids.has(id));
    node.properties.href = `#${encodeURIComponent(found ?? prefix + place)}`;
  });
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
