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
  count: number;
  /** How far on, of what is left of the text: 0 is where it stands, 1 is the end. */
  onward: number;
};
type Editor = { doc: Y.Doc; live: LiveDocument; client: ConvexClient; cursor: Y.RelativePosition | null };

const editors = new Map<string, Editor>();
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
    editors.set(name, { doc, live, client, cursor: null });
  },
  type: ({ client, at, text }) => editors.get(client)?.doc.getText("content").insert(at, text),
  /** Behind all that this editor has typed before, whatever others have put there meanwhile. */
  typeOn({ client, text, onward }) {
    const editor = editors.get(client);
    if (!editor) throw new Error(`Open ${client} first.`);
    const { doc, cursor } = editor;
    const content = doc.getText("content");
    const stands = cursor === null ? 0 : (Y.createAbsolutePositionFromRelativePosition(cursor, doc)?.index ?? 0);
    const at = stands + Math.round(onward * (content.length - stands));
    content.insert(at, text);
    // Bound to the character before it: what others type there comes behind it.
    editor.cursor = Y.createRelativePositionFromTypeIndex(content, at + text.length, -1);
  },
  erase: ({ client, at, count }) => editors.get(client)?.doc.getText("content").delete(at, count),
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
