// What people may write, and how long it may be.
import { Refusal } from "./refusal";

/** PostgreSQL, which hears of messages, takes none with a zero byte. */
const ZERO = "\u0000";

/** Trimmed; `what` is how the sentence calls it. */
export function requireName(text: string, what: string, most: number): string {
  const name = text.trim().replace(/\s+/gu, " ");
  if (name === "" || countCharacters(name) > most || name.includes(ZERO)) {
    throw new Refusal("invalid", `${what} is 1 to ${most} characters long.`);
  }
  return name;
}

export function requireText(text: string, most: number): string {
  if (text.trim() === "") {
    throw new Refusal("invalid", "Write something first.");
  }
  if (text.includes(ZERO)) {
    throw new Refusal("invalid", "This text has a character that can't be kept: U+0000.");
  }
  if (countCharacters(text) > most) {
    throw new Refusal("invalid", `This is too long: at most ${most.toLocaleString("en")} characters fit.`);
  }
  return text;
}

/** As PostgreSQL counts them. */
function countCharacters(text: string): number {
  return [...text].length;
}
