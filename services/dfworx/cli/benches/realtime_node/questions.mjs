// Convex's own HTTP client asks one question after the other. Each line of standard input names a query and lists its
// arguments, one for each question; the answer is a line with the milliseconds that each took and the fewest documents
// that one was answered with.
import { createInterface } from "node:readline";

import { ConvexHttpClient } from "convex/browser";
import { makeFunctionReference } from "convex/server";

const [url] = process.argv.slice(2);
const client = new ConvexHttpClient(url, { logger: false });

for await (const line of createInterface({ input: process.stdin })) {
  const { path, questions } = JSON.parse(line);
  const taken = [];
  let fewest = Infinity;
  for (const args of questions) {
    const began = performance.now();
    const found = await client.query(makeFunctionReference(path), args);
    taken.push(performance.now() - began);
    fewest = Math.min(fewest, found.length);
  }
  console.log(JSON.stringify({ taken, fewest }));
}
process.exit(0);
