// The members of one organization in one thread, in one process and so by one clock. First line of standard input: their
// tokens. Each line after it: how many bytes each message shall have as it comes, or null where the server decides that.
// They are sent one after the other, each by another member, and each is seen by all before the next. The answer has, in
// milliseconds from when it was sent, when each member was shown each message, and the bytes of the frames that brought
// them. `convex` are Convex's own clients and the chat's own functions; `socketio` are sockets at a relay.
import { createInterface } from "node:readline";

import { ConvexClient } from "convex/browser";
import { anyApi } from "convex/server";
import { WebSocket } from "ws";

const [kind, url] = process.argv.slice(2);
const PAGE = { numItems: 20, cursor: null };
const sentence = "Has anyone tried the new build on the older machines? It starts here, but the disk is never found.";
let frameBytes = 0;
let sent = 0;
/** What is under way: its text, when it was sent, and when whom it was shown to. */
let waiting;

function shown(text) {
  if (text !== waiting?.text) return;
  waiting.taken.push(performance.now() - waiting.began);
  if (waiting.taken.length === waiting.members) waiting.seen();
}

/** Says of its frames how long they are. */
class Socket extends WebSocket {
  constructor(...given) {
    super(...given);
    this.on("message", (frame) => {
      if (frame.includes("QueryUpdated")) frameBytes = frame.length;
    });
  }
}

async function joinConvex(tokens) {
  const clients = tokens.map((token) => {
    const client = new ConvexClient(url, { webSocketConstructor: Socket, logger: false });
    client.setAuth(() => Promise.resolve(token));
    return client;
  });
  const thread_id = await clients[0].mutation(anyApi.threads.create, { name: "The bench" });
  const send = (member, text) => clients[member].mutation(anyApi.messages.send, { thread_id, text });
  for (let number = 0; number < PAGE.numItems; number++) await send(0, `${String(number)} ${sentence}`);
  let stops = [];
  const watch = (client) =>
    new Promise((resolve, reject) => {
      const update = ({ page }) => {
        resolve(stop);
        shown(page[0].text);
      };
      const stop = client.onUpdate(anyApi.messages.list, { thread_id, paginationOpts: PAGE }, update, reject);
    });
  /** A page that is watched keeps its end and so grows: each round begins with a page of the same length. */
  const begin = async () => {
    for (const stop of stops) stop();
    stops = await Promise.all(clients.map(watch));
  };
  return { begin, send };
}

async function joinRelay(tokens) {
  const open = (path, hear) =>
    new Promise((resolve, reject) => {
      const socket = new WebSocket(`${url.replace("http", "ws")}/socket.io/?EIO=4&transport=websocket`);
      socket.on("error", reject);
      socket.on("message", (frame) => {
        const told = frame.toString();
        if (told.startsWith("0")) socket.send(`40${path}`);
        else if (told.startsWith("40")) resolve(socket);
        else if (told.startsWith("42")) {
          frameBytes = frame.length;
          hear(JSON.parse(told.slice(2))[1]);
        }
      });
    });
  await Promise.all(tokens.map(() => open("", ([text]) => shown(text))));
  const publisher = await open("/publish,", () => undefined);
  const send = (_member, text, bytes) => {
    const bare = `42${JSON.stringify(["m", [text, ""]])}`.length;
    publisher.send(`42/publish,${JSON.stringify(["m", [text, "x".repeat(bytes - bare)]])}`);
  };
  return { begin: () => undefined, send };
}

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const tokens = JSON.parse((await lines.next()).value);
const { begin, send } = await (kind === "convex" ? joinConvex(tokens) : joinRelay(tokens));
console.log(JSON.stringify(tokens.length));
for await (const line of lines) {
  await begin();
  const answer = { taken: [], bytes: [] };
  for (const bytes of JSON.parse(line)) {
    const text = `${String(1_000_000 + sent)} ${sentence}`;
    const seen = new Promise((resolve) => {
      waiting = { text, began: performance.now(), members: tokens.length, taken: [], seen: resolve };
    });
    const written = send(sent++ % tokens.length, text, bytes);
    await seen;
    await written;
    answer.taken.push(waiting.taken);
    answer.bytes.push(frameBytes);
  }
  console.log(JSON.stringify(answer));
}
process.exit(0);
