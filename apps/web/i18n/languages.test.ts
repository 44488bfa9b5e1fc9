import {
  isLiteralElement,
  isPluralElement,
  isPoundElement,
  isSelectElement,
  isTagElement,
  type MessageFormatElement,
  parse,
} from "@formatjs/icu-messageformat-parser/lib/index.js";
import { expect, test } from "vitest";

import de from "../messages/de.json";
import en from "../messages/en.json";
import { chooseLanguage } from "@dfworx/ui/language/languages";

test.each([
  ["de", null, "de"],
  ["de", "en", "de"],
  ["tlh", "de-AT,en;q=0.5", "de"],
  [undefined, "de-AT,de;q=0.9,en;q=0.5", "de"],
  [undefined, "fr, en;q=0.4, de;q=0.8", "de"],
  [undefined, "fr", "en"],
  [undefined, "de;q=0, en;q=0.1", "en"],
  [undefined, null, "en"],
  [undefined, ";;;q=,,", "en"],
])("set %s, asked for %s: %s", (set, accepted, language) => {
  expect(chooseLanguage(set, accepted)).toBe(language);
});

type Messages = { [name: string]: string | Messages };

function flat(messages: Messages, prefix = ""): Map<string, string> {
  return new Map(
    Object.entries(messages).flatMap(([name, value]) =>
      typeof value === "string" ? [[prefix + name, value] as const] : [...flat(value, `${prefix}${name}.`)],
    ),
  );
}

/** What is filled in, and where a message chooses by it; each once, as a language may choose more often than another. */
function places(parts: MessageFormatElement[]): string[] {
  const found = parts.flatMap((part) => {
    if (isPluralElement(part) || isSelectElement(part))
      return [part.value, ...Object.values(part.options).flatMap((option) => places(option.value))];
    if (isTagElement(part)) return [part.value, ...places(part.children)];
    return isLiteralElement(part) || isPoundElement(part) ? [] : [part.value];
  });
  return [...new Set(found)].sort();
}

test("every language has the same messages, with the same places to fill", () => {
  const english = flat(en);
  const german = flat(de);
  expect([...german.keys()]).toEqual([...english.keys()]);
  for (const [name, text] of english)
    expect([name, places(parse(german.get(name) ?? ""))]).toEqual([name, places(parse(text))]);
});

test("messages are calm and name the reader", () => {
  for (const [name, text] of flat(en)) expect(text, name).not.toMatch(/!|\bplease\b|\boops\b|successfully|''/i);
});
