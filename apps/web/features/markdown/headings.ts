import GithubSlugger from "github-slugger";

export interface Heading {
  /** The element's id, as `Markdown` gives it. */
  id: string;
  text: string;
  depth: number;
}

/** The headings of a text, for its table of contents. */
export function readHeadings(source: string): Heading[] {
  const slugger = new GithubSlugger();
  const headings: Heading[] = [];
  let fence = "";
  for (const line of source.split("\n")) {
    const mark = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1];
    if (mark && (!fence || mark.startsWith(fence))) fence = fence ? "" : mark;
    const heading = fence ? null : /^ {0,3}(#{1,6})[ \t]+(.+?)[ \t]*#*$/.exec(line);
    if (!heading) continue;
    const text = (heading[2] ?? "").replace(/!?\[([^\]]*)\]\([^)]*\)/g, "$1").replace(/[`*_]/g, "");
    headings.push({ id: slugger.slug(text), text, depth: (heading[1] ?? "").length });
  }
  return headings;
}
