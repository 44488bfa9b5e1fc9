// People who write in one post, each with a client of their own: they type a letter now and then, and their carets move.
// The first line of standard input says who they are ({url, post_id, tokens}); they go on until it ends. "{}" is said when
// all have the text open.
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";

import { ConvexClient } from "convex/browser";
import { WebSocket } from "ws";
import * as Y from "yjs";

import { LiveDocument } from "../../../../../packages/api/src/live";

const MOVED_MS = 150;
/** Characters from the beginning, which fit a screen: all write where all look. */
const NEAR = 1_000;
/** Of the moves, one types. */
const TYPED = 5;

class Person {
  readonly doc = new Y.Doc();
  readonly shared: LiveDocument;

  constructor(url: string, post_id: string, token: string) {
    const client = new ConvexClient(url, { webSocketConstructor: WebSocket as never, logger: false });
    client.setAuth(() => Promise.resolve(token));
    this.shared = new LiveDocument(client, post_id, this.doc);
  }

  move(turn: number): void {
    const text = this.doc.getText("content");
    const at = Math.floor(Math.random() * (Math.min(text.length, NEAR) + 1));
    if (turn % TYPED === 0) text.insert(at, "x");
    const place = Y.relativePositionToJSON(Y.createRelativePositionFromTypeIndex(text, at)) as unknown;
    this.shared.awareness.setLocalStateField("cursor", { anchor: place, head: place });
  }
}

async function main(): Promise<void> {
  const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
  const { url, post_id, tokens } = JSON.parse((await lines.next()).value as string) as {
    url: string;
    post_id: string;
    tokens: string[];
  };
  const people = tokens.map((token) => new Person(url, post_id, token));
  while (people.some(({ shared }) => shared.getStanding().state !== "open")) await sleep(50);
  console.log("{}");
  void lines.next().then(() => process.exit(0));
  for (let turn = 0; ; turn++) {
    for (const person of people) person.move(turn);
    await sleep(MOVED_MS);
  }
}

void main();
