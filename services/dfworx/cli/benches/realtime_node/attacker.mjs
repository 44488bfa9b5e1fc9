// One client of Convex's own that asks for more than is its share, again and again, from the first line of standard input on.
// Each line is answered by how often it has tried, and what came of it last.
import { createInterface } from "node:readline";

import { ConvexClient } from "convex/browser";
import { anyApi } from "convex/server";
import { WebSocket } from "ws";

const [url, attack] = process.argv.slice(2);
const SUBSCRIPTIONS = 10_000;
let [tried, last] = [0, ""];
let client = open();
let refused = () => undefined;
// A client that was refused for good throws out of its socket.
process.on("uncaughtException", (error) => {
  last = String(error.message);
  refused();
});

function open() {
  return new ConvexClient(url, { webSocketConstructor: WebSocket, logger: false, unsavedChangesWarning: false });
}

async function call(name) {
  const calls = [
    client.mutation(anyApi.attacks[`${name}InMutation`], { asked: tried }),
    client.query(anyApi.attacks[`${name}InQuery`], { asked: tried }),
  ];
  for (const each of await Promise.allSettled(calls)) last = String(each.reason?.message ?? "it was done");
}

async function subscribe() {
  let left = SUBSCRIPTIONS;
  await new Promise((resolve) => {
    refused = resolve;
    for (let number = 0; number < SUBSCRIPTIONS; number++) {
      let isFirst = true;
      client.onUpdate(anyApi.messages.list, { room: `${String(tried)}-${String(number)}` }, () => {
        if (isFirst && --left === 0) resolve();
        isFirst = false;
      });
    }
  });
  if (left === 0) last = "all are there";
  await client.close();
  client = open();
}

async function goOn() {
  for (;;) {
    tried++;
    await (attack === "subscriptions" ? subscribe() : call(attack));
  }
}

for await (const _ of createInterface({ input: process.stdin })) {
  console.log(JSON.stringify({ tried, last }));
  if (tried === 0) void goOn();
}
process.exit(0);
