// The members of one organization in one thread, in one process and so by one clock. First line of standard input: their
// tokens. Each line after it, of a round: for each message the frame that the members shall be brought, or null where the
// server makes it. They are sent one after the other, each by another member, and each is seen by all before the next. The
// answer has, in milliseconds from when it was sent, when each member was shown each message, and the frames that brought
// them. `convex` are Convex's own clients and the chat's own functions; `socketio` are socket.io's own, at a relay.
import { createInterface } from "node:readline";

import { ConvexClient } from "convex/browser";
import { anyApi } from "convex/server";
import { io } from "socket.io-client";
import { WebSocket } from "ws";

const [kind, url] = process.argv.slice(2);
const PAGE = { numItems: 20, cursor: null };
const sentence = "Has anyone tried the new build on the older machines? It starts here, but the disk is never found.";
let lastFrame = "";
let sent = 0;
/** What is under way: its text, when it was sent, and when whom it was shown to. */
let waiting;

function shown(text) {
  if (text !== waiting?.text) return;
  waiting.taken.push(performance.now() - waiting.began);
  if (waiting.taken.length === waiting.members) waiting.seen();
}

/** One that remembers the last frame; the others are Convex's as they come. */
class Watched extends WebSocket {
  constructor(...given) {
    super(...given);
    this.on("message", (frame) => {
      if (frame.includes("QueryUpdated")) lastFrame = frame.toString();
    });
  }
}

async function joinConvex(tokens) {
  const clients = tokens.map((token, member) => {
    const webSocketConstructor = member === tokens.length - 1 ? Watched : WebSocket;
    const client = new ConvexClient(url, { webSocketConstructor, logger: false });
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
  return { begin, send, textOf: () => `${String(1_000_000 + sent)} ${sentence}` };
}

const pageOf = (frame) => frame.modifications.find((each) => each.type === "QueryUpdated").value.page;

async function joinRelay(tokens) {
  const open = (namespace, token) =>
    new Promise((resolve, reject) => {
      const options = { transports: ["websocket"], forceNew: true, auth: { token } };
      const socket = io(`${url}${namespace}`, options);
      socket.on("connect", () => resolve(socket));
      socket.on("connect_error", reject);
    });
  const members = await Promise.all(tokens.map((token) => open("/", token)));
  for (const each of members) each.on("m", (frame) => shown(pageOf(frame)[0].text));
  // Without the few bytes that say which event it is.
  const watched = ({ data = "" }) => (lastFrame = data.slice('2["m",'.length, -1) || lastFrame);
  members.at(-1).io.engine.on("packet", watched);
  const publisher = await open("/publish", tokens[0]);
  const send = (_member, _text, frame) => void publisher.emit("m", JSON.parse(frame));
  return { begin: () => undefined, send, textOf: (frame) => pageOf(JSON.parse(frame))[0].text };
}

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const tokens = JSON.parse((await lines.next()).value);
const { begin, send, textOf } = await (kind === "convex" ? joinConvex(tokens) : joinRelay(tokens));
console.log(JSON.stringify(tokens.length));
for await (const line of lines) {
  await begin();
  const answer = { taken: [], frames: [] };
  for (const frame of JSON.parse(line)) {
    const text = textOf(frame);
    const seen = new Promise((resolve) => {
      waiting = { text, began: performance.now(), members: tokens.length, taken: [], seen: resolve };
    });
    const written = send(sent++ % tokens.length, text, frame);
    await seen;
    await written;
    answer.taken.push(waiting.taken);
    answer.frames.push(lastFrame);
  }
  console.log(JSON.stringify(answer));
}
process.exit(0);
