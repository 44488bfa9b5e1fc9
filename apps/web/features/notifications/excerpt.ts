/** The words of Markdown's beginning, for one line: nothing of it is rendered, so nothing has to be parsed well. */
export function plainExcerpt(markdown: string): string {
  return (
    markdown
      .replace(/^\s*(`{3,}|~{3,}).*$/gm, " ")
      // Links, pictures and mentions by what they are called; a link that was cut off as well.
      .replace(/!?(@?)\[([^\]]*)\]\([^)]*(\)|$)/g, "$1$2")
      .replace(/^\s*(#{1,6}|>|[-*+]|\d+[.)])\s+/gm, "")
      .replace(/(\*\*|__|~~|`+)/g, "")
      .replace(/\\([\\`*_{}[\]()#+\-.!@~>])/g, "$1")
      .replace(/\s+/g, " ")
      .trim()
  );
}
