import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";

import english from "@/messages/en.json";

const WEB = path.resolve(import.meta.dirname, "..");

/** What stands between quotes, and what templates may make. */
const words = new Set<string>();
const templates: RegExp[] = [];
for (const folder of ["app", "features", "i18n", "../../packages/ui/src"]) {
  for (const name of readdirSync(path.join(WEB, folder), { recursive: true, encoding: "utf8" })) {
    if (!/\.tsx?$/.test(name) || name.includes(".test.")) continue;
    const code = readFileSync(path.join(WEB, folder, name), "utf8");
    for (const [, word = ""] of code.matchAll(/"([\w.-]+)"/g)) words.add(word);
    for (const [, template = ""] of code.matchAll(/`((?:[\w.-]|\$\{[^}`]*\})+)`/g)) {
      const pattern = template.replaceAll(".", "\\.").replaceAll(/\$\{[^}]*\}/g, "[\\w-]+");
      if (/[a-z]/i.test(template.replaceAll(/\$\{[^}]*\}/g, ""))) templates.push(new RegExp(`^${pattern}$`));
    }
  }
}

/** Asked for by names that come from elsewhere: the renderer's words, and what the service knows of digests. */
const BY_OTHER_NAMES = /^(markdown|settings\.digest)\./;

test("every sentence is said somewhere", () => {
  expect(keysOf(english).filter((key) => !BY_OTHER_NAMES.test(key) && !isSaid(key))).toEqual([]);
});

/** By a name that is asked for in a part of the sentences; a part and a name may be made by templates. */
function isSaid(key: string): boolean {
  const names = key.split(".");
  return names.some((_, at) => at > 0 && isMade(names.slice(0, at).join(".")) && isMade(names.slice(at).join(".")));
}

function isMade(name: string): boolean {
  return words.has(name) || templates.some((each) => each.test(name));
}

function keysOf(tree: object, before = ""): string[] {
  return Object.entries(tree).flatMap(([name, value]: [string, unknown]) =>
    typeof value === "object" && value !== null ? keysOf(value, `${before}${name}.`) : [`${before}${name}`],
  );
}
