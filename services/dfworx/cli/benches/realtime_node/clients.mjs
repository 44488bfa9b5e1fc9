// Convex's own clients, in one process and so by one clock: one of them mutates, another one's subscription sees it. Each line of
// standard input asks for some of that ({count} one after the other, or {seconds, every}: one is due every so many
// milliseconds, whether the one before was seen or not); the answer is a line with the milliseconds that each took,
// from when it was called, or was due, to what the subscription shows.
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";

import { ConvexClient } from "convex/browser";
import { anyApi } from "convex/server";
import { WebSocket } from "ws";

const [url, room] = process.argv.slice(2);
const open = () => new ConvexClient(url, { webSocketConstructor: WebSocket });
const [writer, reader] = [open(), open()];
const body = "x".repeat(200);
/** By what was sent, who waits until it is shown. */
const waiting = new Map();
let sent = 0;

reader.onUpdate(anyApi.messages.list, { room }, (messages) => {
  const now = performance.now();
  for (const message of messages) {
    waiting.get(message.body)?.(now);
    waiting.delete(message.body);
  }
});

async function write(began) {
  const text = `${String(++sent)} ${body}`;
  const seen = new Promise((resolve) => void waiting.set(text, resolve));
  const written = writer.mutation(anyApi.messages.send, { room, body: text });
  const taken = (await seen) - began;
  await written;
  return taken;
}

async function inTurn(count) {
  const taken = [];
  for (let done = 0; done < count; done++) taken.push(await write(performance.now()));
  return taken;
}

async function whenDue(seconds, every) {
  const began = performance.now();
  const taken = [];
  for (let due = 0; due < seconds * 1000; due += every) {
    const early = began + due - performance.now();
    if (early > 0) await sleep(early);
    taken.push(write(began + due));
  }
  return await Promise.all(taken);
}

for await (const line of createInterface({ input: process.stdin })) {
  const { count, seconds, every } = JSON.parse(line);
  console.log(JSON.stringify(count === undefined ? await whenDue(seconds, every) : await inTurn(count)));
}
process.exit(0);
