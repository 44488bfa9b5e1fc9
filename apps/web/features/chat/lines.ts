const MOST = 200;

/** A message in one line, such as where it is answered: without what only Markdown means. */
export function lineOf(text: string): string {
  return text
    .slice(0, MOST * 2)
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replace(/[`*_~>#]+/g, "")
    .replace(/\s+/g, " ")
    .trim()
    .slice(0, MOST);
}
