// A few texts are written and searched: by one word, by the beginning of one, by several, and within one kind. Then a
// search is watched, and a new text shows up in it.
import { randomUUID } from "node:crypto";

import { ConvexClient } from "convex/browser";

import { api } from "./convex/_generated/api.js";

const url = process.argv[2] ?? process.env.CONVEX_URL ?? "http://127.0.0.1:3210";
const client = new ConvexClient(url);
const book = randomUUID();

const add = (kind, text) => client.mutation(api.recipes.add, { book, kind, text });
await add("soup", "Tomato soup with basil");
await add("soup", "Leek and potato soup");
await add("salad", "Potato salad with mustard");
await add("cake", "Plum cake");

async function find(words, kind) {
  const found = await client.query(api.recipes.find, kind ? { book, words, kind } : { book, words });
  console.log(`${words}${kind ? ` (${kind})` : ""}: ${found.join(" | ") || "nothing"}`);
}
await find("plum");
await find("pot");
await find("basil tomato leek");
await find("potato", "salad");
await find("pizza");

await new Promise((resolve, reject) => {
  const shown = async (found) => {
    console.log(`Shown for mush: ${found.join(" | ") || "nothing yet"}`);
    if (found.length > 0) return resolve();
    await add("soup", "Mushroom broth").catch(reject);
  };
  client.onUpdate(api.recipes.find, { book, words: "mush" }, shown, reject);
});
await client.close();
