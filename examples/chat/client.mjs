// One client watches a room, the other writes into it: each message is sent when the one before was shown. Then the
// room is read page by page, and an empty message is refused with what the function says of it.
import { randomUUID } from "node:crypto";

import { ConvexClient, ConvexHttpClient } from "convex/browser";
import { ConvexError } from "convex/values";

import { api } from "./convex/_generated/api.js";

const url = process.argv[2] ?? process.env.CONVEX_URL ?? "http://127.0.0.1:3210";
const room = randomUUID();
const line = ({ author, body }) => `${author}: ${body}`;

const sender = new ConvexHttpClient(url);
const watcher = new ConvexClient(url);
const unsent = ["Is anybody here?", "Yes.", "Good.", "What is it about?", "Live updates."];

await new Promise((resolve, reject) => {
  const shown = async (messages) => {
    console.log(`Shown: ${messages.map(line).join(" | ") || "nothing yet"}`);
    if (unsent.length === 0) return resolve();
    const author = unsent.length % 2 ? "Ann" : "Ben";
    await sender.mutation(api.messages.send, { room, author, body: unsent.shift() }).catch(reject);
  };
  watcher.onUpdate(api.messages.latest, { room }, shown, reject);
});
await watcher.close();

for (let cursor = null, number = 1, done = false; !done; number++) {
  const page = await sender.query(api.messages.history, { room, paginationOpts: { numItems: 2, cursor } });
  console.log(`Page ${number}: ${page.page.map(line).join(" | ")}`);
  [cursor, done] = [page.continueCursor, page.isDone];
}

try {
  await sender.mutation(api.messages.send, { room, author: "Ann", body: " " });
} catch (error) {
  if (!(error instanceof ConvexError)) throw error;
  console.log(`Refused: ${error.data}`);
}
