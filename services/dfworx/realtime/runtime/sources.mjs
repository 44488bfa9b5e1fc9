// A bundle, and from where in people's own files its lines come.
import { SourceMap } from "node:module";

export class Sources {
  #map;

  constructor(text, filename) {
    const [code, map] = text.split("//# sourceMappingURL=data:application/json;base64,");
    this.code = code;
    this.filename = filename;
    this.#map = new SourceMap(JSON.parse(Buffer.from(map, "base64").toString("utf8")));
  }

  /** An error's text with the frames of people's own files, and nothing of what is around them. */
  tell(text) {
    return text
      .split("\n")
      .flatMap((line) => {
        const [, name, where, row, column] = /^\s+at (?:(.*) \()?(.*?):(\d+):(\d+)\)?$/.exec(line) ?? [];
        if (where === undefined) return /^\s+at /.test(line) ? [] : [line];
        if (where !== this.filename) return [];
        const { originalSource, originalLine, originalColumn } = this.#map.findEntry(row - 1, column - 1);
        if (originalSource === undefined) return [];
        const file = originalSource.startsWith("..") ? originalSource : `../convex/${originalSource}`;
        return [`    at ${name ?? "<anonymous>"} (${file}:${originalLine + 1}:${originalColumn})`];
      })
      .join("\n");
  }
}
