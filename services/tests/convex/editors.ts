// Editors of posts' texts, each with an official client, told what to do as those of tests/realtime/clients are: each line
// is {id, command, ...}; what a text and its standing become is told as it happens.
import { createInterface } from "node:readline";

import { ConvexClient } from "convex/browser";
import { WebSocket } from "ws";
import * as Y from "yjs";

import { LiveDocument } from "../../../packages/api/src/live";

type Wanted = { id: number; command: string; client: string; url: string; token: string; post_id: string } & {
  at: number;
  text: string;
};

const editors = new Map<string, { doc: Y.Doc; live: LiveDocument; client: ConvexClient }>();
const tell = (told: object) => console.log(JSON.stringify(told));

const commands: Record<string, (wanted: Wanted) => unknown> = {
  open({ client: name, url, token, post_id }) {
    const client = new ConvexClient(url, { webSocketConstructor: WebSocket as never, logger: false });
    client.setAuth(() => Promise.resolve(token));
    const doc = new Y.Doc();
    const text = doc.getText("content");
    text.observe(() => tell({ watch: name, value: text.toJSON() }));
    const live = new LiveDocument(client, post_id, doc);
    live.subscribe(() => tell({ auth: name, ...live.getStanding() }));
    editors.set(name, { doc, live, client });
  },
  type: ({ client, at, text }) => editors.get(client)?.doc.getText("content").insert(at, text),
  save: ({ client }) => editors.get(client)?.live.save(),
  async close({ client }) {
    editors.get(client)?.live.destroy();
    await editors.get(client)?.client.close();
  },
};

async function main(): Promise<void> {
  for await (const line of createInterface({ input: process.stdin })) {
    const wanted = JSON.parse(line) as Wanted;
    try {
      await commands[wanted.command]?.(wanted);
      tell({ id: wanted.id, value: null });
    } catch (error) {
      tell({ id: wanted.id, error: String(error) });
    }
  }
  process.exit(0);
}

void main();
