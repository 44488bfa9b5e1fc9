/* People named in a text. Two ways, as services/dfworx/web/mentions.py reads them: `@[Name](mention://user/ID)`, and
   `@Name` typed, the whole name of one of `people` in any case of letters. Code and links are left alone. */
import type { Element, ElementContent, Text } from "hast";
import { toString } from "hast-util-to-string";

export interface Person {
  user_id: string;
  name: string | null;
}

const LINK = /^mention:\/\/(?:[\w-]+\/)?user\/([0-9a-f-]{36})$/i;
const WORDLY = /[\p{L}\p{N}\p{M}_]/u;
const WITHOUT_SPACES = /[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af]/;

/** The mark that a link of a mention becomes, or null for any other link. */
export function mentionOf(link: Element): Element | null {
  const userId = LINK.exec(String(link.properties.href))?.[1];
  return userId ? mark(`@${toString(link).replace(/^@/, "").slice(0, 100)}`, userId.toLowerCase()) : null;
}

/** A text with the people typed in it marked. */
export function markTyped(text: Text, people: readonly Person[]): ElementContent[] {
  const parts: ElementContent[] = [];
  let from = 0;
  for (const { index } of text.value.matchAll(/(?<![A-Za-z0-9._%+\-@])@(?=\S)/g)) {
    if (index < from) continue;
    const person = longestAt(text.value, index + 1, people);
    if (!person?.name) continue;
    const end = index + 1 + person.name.length;
    if (index > from) parts.push({ type: "text", value: text.value.slice(from, index) });
    parts.push(mark(text.value.slice(index, end), person.user_id));
    from = end;
  }
  parts.push({ type: "text", value: text.value.slice(from) });
  return parts;
}

function longestAt(text: string, at: number, people: readonly Person[]): Person | undefined {
  let longest: Person | undefined;
  for (const person of people) {
    if (!person.name || person.name.length <= (longest?.name?.length ?? 0)) continue;
    const written = text.slice(at, at + person.name.length);
    if (fold(written) === fold(person.name) && endsWord(text, at + written.length)) longest = person;
  }
  return longest;
}

function endsWord(text: string, end: number): boolean {
  const last = text[end - 1] ?? "";
  const following = text[end] ?? "";
  return !WORDLY.test(following) || !WORDLY.test(last) || WITHOUT_SPACES.test(following) || WITHOUT_SPACES.test(last);
}

function fold(name: string): string {
  return name.toLowerCase().normalize("NFC");
}

function mark(words: string, userId: string): Element {
  return {
    type: "element",
    tagName: "span",
    properties: { className: ["mention"], dataUser: userId, dir: "auto" },
    children: [{ type: "text", value: words }],
  };
}
