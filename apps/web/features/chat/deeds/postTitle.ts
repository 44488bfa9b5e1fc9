import { plainExcerpt } from "@/features/notifications/excerpt";

const LONGEST = 80;

/** What a post of this message could be called: its first sentence, cut between words. */
export function titleOf(text: string): string {
  const [line = ""] = text.trim().split("\n");
  const plain = plainExcerpt(line);
  const [sentence = ""] = plain.split(/(?<=[.!?])\s/u);
  const said = sentence.replace(/[.:]$/u, "");
  if (said.length <= LONGEST) return said;
  return `${said.slice(0, LONGEST).replace(/\s+\S*$/u, "")}…`;
}
