// The cases on convex-test, Convex's own fake of a deployment: a list of them in, what each call came to out.
import { readFileSync } from "node:fs";
import { convexToJson, jsonToConvex } from "convex/values";
import { convexTest } from "convex-test";

const { cases } = JSON.parse(readFileSync(0, "utf8"));
const schema = (await import("./functions/schema.ts")).default;
const modules = {
  "/_generated/api.js": async () => ({}),
  "/cases.ts": () => import("./functions/cases.ts"),
  "/files.ts": () => import("./functions/files.ts"),
  "/scheduling.ts": () => import("./functions/scheduling.ts"),
  "/search.ts": () => import("./functions/search.ts"),
};
/** What is due later than this is nobody's to wait for. */
const SOON = 60_000;

/** With what earlier calls gave in the places that name them. */
function fill(args, kept) {
  if (args === null || typeof args !== "object") return args;
  if (Array.isArray(args)) return args.map((each) => fill(each, kept));
  if ("$kept" in args) return args.$kept.split(".").reduce((from, name) => from[name], kept);
  return Object.fromEntries(Object.entries(args).map(([name, value]) => [name, fill(value, kept)]));
}

/** Until nothing is left that is due soon. */
async function settle(test) {
  for (;;) {
    const jobs = await test.query("scheduling:all", {});
    const open = ({ state, scheduledTime }) =>
      state.kind === "inProgress" || (state.kind === "pending" && scheduledTime < Date.now() + SOON);
    if (!jobs.some(open)) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
    await test.finishInProgressScheduledFunctions();
  }
}

async function run(steps) {
  const test = convexTest({ schema, modules });
  const kept = {};
  const came = [];
  for (const { kind, path, args, identity, keep } of steps) {
    if (kind === "settle") {
      await settle(test);
      came.push({ value: null });
      continue;
    }
    const caller = identity ? test.withIdentity(identity) : test;
    try {
      const given = jsonToConvex(fill(args, kept));
      const run = kind === "file" ? caller.run((ctx) => ctx.storage.store(new Blob([given.content]))) : caller[kind](path, given);
      const value = convexToJson((await run) ?? null);
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
// What is due in an hour would keep it waiting.
process.stdout.write(JSON.stringify(told), () => process.exit(0));
