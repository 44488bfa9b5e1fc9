/* The heavy parts of rendering (the HTML parser, KaTeX, grammars), each loaded when a text first needs it. Promises are
   kept for good and marked as React marks those it has read, so that a part that is there never suspends again. */
import type { raw as Raw } from "hast-util-raw";
import type { LanguageFn } from "highlight.js";
import type { createLowlight } from "lowlight";
import type { toFormula as ToFormula } from "./formulas";
import { grammars, nameOfLanguage } from "./languages";

export interface Tools {
  raw?: typeof Raw;
  toFormula?: typeof ToFormula;
  lowlight?: ReturnType<typeof createLowlight>;
}

interface Tracked<T> extends Promise<T> {
  status?: "pending" | "fulfilled" | "rejected";
  value?: T;
  reason?: unknown;
}

const loaded = new Map<string, Tracked<unknown>>();
let lowlight: ReturnType<typeof createLowlight> | undefined;

/** Loads what the text needs; each promise is the same one for the same part. */
export function toolsFor(source: string): Promise<Tools> {
  const wanted: string[] = [];
  if (/<[a-z/!?]/i.test(source)) wanted.push("html");
  if (/\$|math/.test(source)) wanted.push("maths");
  const languages = new Set<string>();
  for (const [, fenced, classed] of source.matchAll(/(?:`{3,}|~{3,})[ \t]*([\w+#-]+)|language-([\w+#-]+)/g)) {
    const language = nameOfLanguage(fenced ?? classed ?? "");
    if (language) languages.add(language);
  }
  wanted.push(...[...languages].sort().map((language) => `code:${language}`));
  return once(wanted.join(" "), async () => {
    const tools: Tools = {};
    await Promise.all(
      wanted.map(async (part) => {
        if (part === "html") tools.raw = (await once(part, () => import("hast-util-raw"))).raw;
        else if (part === "maths") tools.toFormula = (await once(part, () => import("./formulas"))).toFormula;
        else tools.lowlight = await withGrammar(part.slice("code:".length));
      }),
    );
    return tools;
  });
}

async function withGrammar(language: string) {
  const [{ createLowlight }, grammar] = await Promise.all([
    once("lowlight", () => import("./highlighter")),
    once(`code:${language} `, grammars[language] as () => Promise<LanguageFn>),
  ]);
  lowlight ??= createLowlight();
  if (!lowlight.registered(language)) lowlight.register(language, grammar);
  return lowlight;
}

function once<T>(key: string, load: () => Promise<T>): Tracked<T> {
  const known = loaded.get(key) as Tracked<T> | undefined;
  if (known) return known;
  const promise: Tracked<T> = load();
  promise.status = "pending";
  promise.then(
    (value) => Object.assign(promise, { status: "fulfilled", value }),
    // A part that didn't arrive is asked for again by the next text.
    (reason: unknown) => {
      loaded.delete(key);
      Object.assign(promise, { status: "rejected", reason });
    },
  );
  loaded.set(key, promise as Tracked<unknown>);
  return promise;
}
