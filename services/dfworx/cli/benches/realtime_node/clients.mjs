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
const open = () => new ConvexClient(url, { webSocketConstructor: WebSocket, logger: false });
const [writer, reader] = [open(), open()];
const body = "x".repeat(200);
/** By the number of what was sent, who waits until it is shown. The writer's come one after the other: what is shown has all before it. */
const waiting = new Map();
let sent = 0;

reader.onUpdate(anyApi.messages.list, { room }, ([last]) => {
  const now = performance.now();
  for (const [number, resolve] of waiting) {
    if (last === undefined || number > Number.parseInt(last.body)) break;
    resolve(now);
    waiting.delete(number);
  }
});

async function write(began) {
  const number = ++sent;
  const seen = new Promise((resolve) => void waiting.set(number, resolve));
  const written = writer.mutation(anyApi.messages.send, { room, body: `${String(number)} ${body}` });
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
