/** Naming a person while one writes: `@` and the beginning of a name, up to the caret. */

export interface Asked {
  /** Where the `@` stands. */
  at: number;
  /** What is written after it. */
  name: string;
}

const LONGEST = 40;
/** Not after what could be the beginning of an address (ann@lumen.example), and not escaped. */
const BEGINS = /(?:^|[^\p{L}\p{N}._%+\-@\\`])@$/u;

/** The name that is being typed at the caret, or null. Names have spaces, so it goes on over one. */
export function askedAt(text: string, caret: number): Asked | null {
  const before = text.slice(0, caret);
  const at = before.lastIndexOf("@");
  if (at < 0 || !BEGINS.test(before.slice(0, at + 1))) return null;
  const name = before.slice(at + 1);
  if (name.length > LONGEST || /^\s|[\n@`]|\s{2}|\s\S+\s\S+\s/.test(name)) return null;
  return { at, name };
}

interface Named {
  user_id: string;
  name: string;
}

/** Those whose name has a word that begins like that, in any case of letters and with or without accents. */
export function matching<P extends Named>(people: readonly P[], name: string, most = 6): P[] {
  const wanted = fold(name.trim());
  const begins = people.filter((person) => fold(person.name).startsWith(wanted));
  const later = people.filter((person) => !begins.includes(person) && fold(person.name).includes(` ${wanted}`));
  return [...begins, ...later].slice(0, most);
}

/** What stands in the text for the person: the name, as anybody would type it, unless somebody else has it too. */
export function mentionOf(person: Named, people: readonly Named[]): string {
  const alike = people.filter((each) => fold(each.name) === fold(person.name));
  const plain = /^[\p{L}\p{N}\p{M} .'’-]+$/u.test(person.name);
  if (alike.length <= 1 && plain) return `@${person.name}`;
  const label = person.name.replace(/[[\]\\<>*_`]/g, String.raw`\$&`);
  return `@[${label}](mention://user/${person.user_id})`;
}

/** The text with the person named where it was asked, and where the caret goes. */
export function withMention(
  text: string,
  caret: number,
  asked: Asked,
  mention: string,
): { text: string; caret: number } {
  const rest = text.slice(caret);
  const space = /^[\s.,;:!?)]/.test(rest) ? "" : " ";
  const head = text.slice(0, asked.at) + mention + space;
  return { text: head + rest, caret: head.length };
}

function fold(name: string): string {
  return name.normalize("NFD").replace(/\p{M}/gu, "").toLocaleLowerCase();
}
