// People who write texts together, each with a client of their own, in one process and so by one clock. The first line of
// standard input says who they are: {documents: [{name, tokens: [...]}]}; each further one asks for some seconds of typing:
// {seconds, every}, a key of each person every so many milliseconds, give or take half. The answer is a line with the
// milliseconds from each key to where it was seen, once for each of the others.
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";

import { HocuspocusProvider } from "@hocuspocus/provider";
import { ConvexClient } from "convex/browser";
import { WebSocket } from "ws";
import * as Y from "yjs";

import { LiveDocument } from "../../../../../packages/api/src/live";

type Document = { name: string; tokens: string[] };
type Key = { clock: number; at: number };

const [kind, url = ""] = process.argv.slice(2);
const SEEN_WITHIN_MS = 30_000;
let latencies: number[] = [];
let waiting = 0;

class Person {
  readonly doc = new Y.Doc();
  /** Of each of the others, the keys that aren't seen here yet. */
  readonly unseen = new Map<number, Key[]>();
  others: Person[] = [];

  constructor(name: string, token: string) {
    if (kind === "convex") {
      const client = new ConvexClient(url, { webSocketConstructor: WebSocket as never, logger: false });
      client.setAuth(() => Promise.resolve(token));
      new LiveDocument(client, name, this.doc);
    } else {
      new HocuspocusProvider({ url, name, document: this.doc, WebSocketPolyfill: WebSocket } as never);
    }
    this.doc.on("update", () => this.look());
  }

  type(): void {
    const text = this.doc.getText("content");
    const at = performance.now();
    text.insert(Math.floor(Math.random() * (text.length + 1)), "x");
    const clock = Y.getState(this.doc.store, this.doc.clientID);
    for (const other of this.others) {
      waiting++;
      other.unseen.get(this.doc.clientID)?.push({ clock, at });
    }
  }

  private look(): void {
    const now = performance.now();
    for (const [client, keys] of this.unseen) {
      const seen = Y.getState(this.doc.store, client);
      while (keys[0] !== undefined && keys[0].clock <= seen) {
        latencies.push(now - keys[0].at);
        keys.shift();
        waiting--;
      }
    }
  }
}

async function allSeen(): Promise<void> {
  const until = performance.now() + SEEN_WITHIN_MS;
  while (waiting > 0) {
    if (performance.now() > until) throw new Error(`${String(waiting)} keys were never seen.`);
    await sleep(10);
  }
}

async function typeFor(people: Person[], seconds: number, every: number): Promise<number[]> {
  latencies = [];
  const until = performance.now() + seconds * 1000;
  const one = async (person: Person) => {
    await sleep(Math.random() * every);
    while (performance.now() < until) {
      person.type();
      await sleep(every * (0.5 + Math.random()));
    }
  };
  await Promise.all(people.map(one));
  await allSeen();
  return latencies;
}

async function main(): Promise<void> {
  const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
  const { documents } = JSON.parse((await lines.next()).value as string) as { documents: Document[] };
  const people = documents.flatMap(({ name, tokens }) => {
    const together = tokens.map((token) => new Person(name, token));
    for (const each of together) {
      each.others = together.filter((other) => other !== each);
      for (const other of each.others) each.unseen.set(other.doc.clientID, []);
    }
    return together;
  });
  // Who can see everybody's first key is connected.
  for (const person of people) person.type();
  await allSeen();
  console.log("{}");
  for await (const line of lines) {
    const { seconds, every } = JSON.parse(line) as { seconds: number; every: number };
    console.log(JSON.stringify(await typeFor(people, seconds, every)));
  }
  process.exit(0);
}

void main();
