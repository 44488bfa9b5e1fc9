// Steps on convex-test, Convex's own fake of a deployment: a list of them in, what each came to out.
import { readFileSync } from "node:fs";
import { convexToJson, jsonToConvex } from "convex/values";
import { convexTest } from "convex-test";

const { steps } = JSON.parse(readFileSync(0, "utf8"));
const schema = (await import("./functions/schema.ts")).default;
const modules = {
  "/_generated/api.js": async () => ({}),
  "/calls.ts": () => import("./functions/calls.ts"),
  "/http.ts": () => import("./functions/http.ts"),
  "/node.ts": () => import("./functions/node.ts"),
  "/notes.ts": () => import("./functions/notes.ts"),
};
const test = convexTest({ schema, modules });

async function run({ kind, path, args, subject, ...request }) {
  const caller = subject ? test.withIdentity({ issuer: "https://issuer.example", subject }) : test;
  if (kind === "fetch") {
    const answer = await caller.fetch(path, request);
    return { status: answer.status, headers: [...answer.headers].sort(), body: await answer.text() };
  }
  try {
    return { value: convexToJson((await caller[kind](path, jsonToConvex(args))) ?? null) };
  } catch (error) {
    return { error: `${error.name}: ${error.message}`, ...("data" in error ? { data: convexToJson(error.data) } : {}) };
  }
}

const told = [];
for (const step of steps) told.push(await run(step));
process.stdout.write(JSON.stringify(told));
