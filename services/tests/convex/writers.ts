// People who write one text at random, each with an official client and a way of their own. The first line on standard
// input says who and where; a second one, that they are to stop and to tell what each of them has when nothing is on its
// way any more.
import { createInterface } from "node:readline";

import { ConvexClient } from "convex/browser";
import { WebSocket } from "ws";
import * as Y from "yjs";

import { LiveDocument } from "../../../packages/api/src/live";

type Wanted = { post_id: string; seed: number; people: { url: string; token: string }[] };

const PAUSE_MS = 60;
let stopped = false;
let typed = 0;

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
function chance(seed: number): () => number {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

class Writer {
  readonly doc = new Y.Doc();
  readonly live: LiveDocument;
  private readonly random: () => number;

  constructor(
    { post_id, seed, people }: Wanted,
    readonly number: number,
  ) {
    const { url = "", token = "" } = people[number] ?? {};
    this.random = chance(seed + number);
    const client = new ConvexClient(url, { webSocketConstructor: WebSocket as never, logger: false });
    client.setAuth(() => Promise.resolve(token));
    this.live = new LiveDocument(client, post_id, this.doc);
  }

  get text(): string {
    return this.doc.getText("content").toJSON();
  }

  write(): void {
    if (stopped) return;
    const text = this.doc.getText("content");
    const at = Math.floor(this.random() * (text.length + 1));
    if (this.random() < 0.2 && at < text.length) {
      text.delete(at, Math.min(1 + Math.floor(this.random() * 5), text.length - at));
    } else {
      text.insert(at, `${"abc"[this.number] ?? "z"}${String(typed)} `);
    }
    if (++typed % 10 === 0) console.log(JSON.stringify({ typed }));
    setTimeout(() => this.write(), this.random() * 2 * PAUSE_MS);
  }

  /** What of each writer is here, so that nothing that was written can be missing unseen. */
  clocks(): string {
    return JSON.stringify([...Y.decodeStateVector(Y.encodeStateVector(this.doc))].toSorted(([one], [other]) => one - other));
  }
}

async function main(): Promise<void> {
  const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
  const wanted = JSON.parse((await lines.next()).value as string) as Wanted;
  const writers = wanted.people.map((_, number) => new Writer(wanted, number));
  for (const each of writers) each.write();
  await lines.next();
  stopped = true;
  const same = (what: (writer: Writer) => string) => new Set(writers.map(what)).size === 1;
  const areDone = () =>
    writers.every((each) => each.live.getStanding().is_sent) && same((each) => each.text) && same((each) => each.clocks());
  const done = async () => {
    while (!areDone()) await new Promise((resolve) => setTimeout(resolve, 20));
  };
  await done();
  // Whoever comes later has it from what the deployment has kept.
  writers.push(new Writer(wanted, 0));
  await done();
  console.log(JSON.stringify({ texts: writers.map((each) => each.text), written: typed }));
  process.exit(0);
}

void main();
