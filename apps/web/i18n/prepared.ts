/**
 * Messages as pages get them: those with something to fill in are taken apart here, on the server, once a language. So
 * no browser loads what takes them apart (10 kB); `formatted.ts` stands in its place.
 */
import { isLiteralElement, parse } from "@formatjs/icu-messageformat-parser/lib/index.js";

import type messages from "../messages/en.json";

import type { Language } from "@dfworx/ui/language/languages";

type Messages = typeof messages;
interface Tree {
  [name: string]: string | Tree;
}

const prepared = new Map<Language, Promise<Messages>>();

export function readMessages(language: Language): Promise<Messages> {
  const known = prepared.get(language) ?? prepare(language);
  prepared.set(language, known);
  return known;
}

async function prepare(language: Language): Promise<Messages> {
  const { default: written } = (await import(`../messages/${language}.json`)) as { default: Messages };
  return takeApart(written) as Messages;
}

/** Exported for its test. */
export function takeApart(written: Tree): Tree {
  return Object.fromEntries(
    Object.entries(written).map(([name, message]) => [
      name,
      typeof message === "string" ? prepareOne(message) : takeApart(message),
    ]),
  );
}

function prepareOne(message: string): string {
  const parts = parse(message);
  // Without anything to fill in they are words, which are shown as they are.
  if (parts.every(isLiteralElement)) return parts.map((each) => each.value).join("");
  return JSON.stringify(parts);
}
