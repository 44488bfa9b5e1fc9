// The cases on convex-test, Convex's own fake of a deployment: a list of them in, what each call came to out.
import { readFileSync } from "node:fs";
import { convexToJson, jsonToConvex } from "convex/values";
import { convexTest } from "convex-test";

const { cases } = JSON.parse(readFileSync(0, "utf8"));
const schema = (await import("./functions/schema.ts")).default;
const modules = {
  "/_generated/api.js": async () => ({}),
  "/cases.ts": () => import("./functions/cases.ts"),
  "/search.ts": () => import("./functions/search.ts"),
};

/** With what earlier calls gave in the places that name them. */
function fill(args, kept) {
  if (args === null || typeof args !== "object") return args;
  if (Array.isArray(args)) return args.map((each) => fill(each, kept));
  if ("$kept" in args) return args.$kept.split(".").reduce((from, name) => from[name], kept);
  return Object.fromEntries(Object.entries(args).map(([name, value]) => [name, fill(value, kept)]));
}

async function run(steps) {
  const test = convexTest({ schema, modules });
  const kept = {};
  const came = [];
  for (const { kind, path, args, identity, keep } of steps) {
    const caller = identity ? test.withIdentity(identity) : test;
    try {
      const value = convexToJson((await caller[kind](path, jsonToConvex(fill(args, kept)))) ?? null);
      if (keep) kept[keep] = value;
      came.push({ value });
    } catch (error) {
      came.push({ error: `${error.name}: ${error.message}`, ...("data" in error ? { data: convexToJson(error.data) } : {}) });
    }
  }
  return came;
}

const told = [];
for (const steps of cases) told.push(await run(steps));
process.stdout.write(JSON.stringify(told));
