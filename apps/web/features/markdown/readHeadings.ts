/* The contents list of a text, with the very ids that Markdown gives. For the server: it brings the parser of HTML along. */
import { raw } from "hast-util-raw";
import { type Heading, nameHeadings, prefixOf } from "./headings";
import { parse } from "./parse";
import { english } from "./words";

export type { Heading };

export function readHeadings(source: string, scope?: string): Heading[] {
  const prefix = prefixOf(scope);
  try {
    const tree = parse(source, prefix, english, raw);
    return tree ? nameHeadings(tree, prefix) : [];
  } catch (error) {
    if (error instanceof RangeError) return [];
    throw error;
  }
}
