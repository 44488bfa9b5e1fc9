// Three reminders are set and one of them is cancelled before it rings. The client watches until the others rang and a
// cron job put them away, then asks what became of the jobs.
import { randomUUID } from "node:crypto";

import { ConvexClient } from "convex/browser";

import { api } from "./convex/_generated/api.js";

const url = process.argv[2] ?? process.env.CONVEX_URL ?? "http://127.0.0.1:3210";
const client = new ConvexClient(url);
const owner = randomUUID();

await client.mutation(api.reminders.set, { owner, text: "tea", seconds: 0 });
await client.mutation(api.reminders.set, { owner, text: "a walk", seconds: 1 });
const late = await client.mutation(api.reminders.set, { owner, text: "the tax", seconds: 86400 });

const show = ({ text, state, job }) => console.log(`${text}: ${state}; its job: ${job}`);
show((await client.query(api.reminders.list, { owner })).at(-1));
await client.mutation(api.reminders.cancel, { reminder: late });

const reminders = await new Promise((resolve, reject) => {
  const look = (list) => {
    if (list.filter(({ state }) => state === "rang and was put away").length === 2) resolve(list);
  };
  client.onUpdate(api.reminders.list, { owner }, look, reject);
});
reminders.forEach(show);
await client.close();
