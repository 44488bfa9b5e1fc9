// One Node process that runs functions, one at a time, for the process that started it. It waits for messages on a socket
// (the file whose number it is given), each a length of four bytes and JSON, and reads and writes it without an event loop in between: while a
// function waits for the database, there is nothing else for this process to do.
//
// A function runs in a realm of its own kind: its microtasks are drained when we say so, so it is known when a function
// waits for the database, and when it waits for nothing that could ever come.
import fs from "node:fs";
import vm from "node:vm";

import { Sources } from "./sources.mjs";

const SOCKET = Number(process.argv[2]);
const AT_ONCE = 1 << 16;
const here = new URL(".", import.meta.url);
const [WORLD, REALM] = ["world", "realm"].map(
  (name) => new vm.Script(fs.readFileSync(new URL(`${name}.js`, here), "utf8"), { filename: `convex:${name}` }),
);
const POLL = new vm.Script("__poll()");
const ENTER = new vm.Script("__enter()");
const RESUME = new vm.Script("__resume()");

/** The deployment's code, and what it is told of its surroundings; set by `load`. */
let bundle = null;
/** Realms that no function is in. A function that is called by another one takes a second one. */
const idle = [];
/** What promises of functions were rejected with and nobody caught. */
let unhandled = [];
process.on("unhandledRejection", (reason) => unhandled.push(reason));

/** What has arrived, from `first` up to `end`: mostly one message, since the other side waits for an answer to it. It is kept, as
 * the one that is written from: a new one for each message would keep the collector of garbage busier than functions do. */
let arrived = Buffer.allocUnsafeSlow(AT_ONCE);
let [first, end] = [0, 0];
const leaving = Buffer.allocUnsafeSlow(AT_ONCE);

/** A message's text. It is parsed where it is used, mostly in a realm. */
function read() {
  for (;;) {
    const length = end - first < 4 ? 4 : 4 + arrived.readUInt32BE(first);
    if (length > 4 && end - first >= length) {
      const text = arrived.toString("utf8", first + 4, first + length);
      first += length;
      return text;
    }
    makeRoom(length);
    const got = fs.readSync(SOCKET, arrived, end, arrived.length - end, null);
    if (got === 0) process.exit(0);
    end += got;
  }
}

/** For a message of this length. A large one has a buffer of its own, until it was read. */
function makeRoom(length) {
  if (first === end) first = end = 0;
  const isLeft = first === end && arrived.length > AT_ONCE;
  if (length <= arrived.length - first && !isLeft) return;
  const roomy = Buffer.allocUnsafeSlow(Math.max(AT_ONCE, length));
  end = arrived.copy(roomy, 0, first, end);
  [arrived, first] = [roomy, 0];
}

function write(text) {
  const length = Buffer.byteLength(text);
  const bytes = 4 + length <= leaving.length ? leaving : Buffer.allocUnsafeSlow(4 + length);
  bytes.writeUInt32BE(length, 0);
  bytes.write(text, 4, "utf8");
  for (let at = 0; at < 4 + length; ) at += fs.writeSync(SOCKET, bytes, at, 4 + length - at);
}

/** Of a message's text: every one says first what it is. */
const is = (text, type) => text.startsWith(`{"type":"${type}"`);

function openRealm() {
  const context = vm.createContext(
    {
      __web: { TextEncoder, TextDecoder, URL, URLSearchParams, atob, btoa, structuredClone, Headers, Request, Response, Blob },
      __ask: askNow,
      __env: bundle.env,
    },
    { microtaskMode: "afterEvaluate", codeGeneration: { strings: false, wasm: true } },
  );
  WORLD.runInContext(context);
  REALM.runInContext(context);
  // Without a picture of the line that failed: frames are told as they are in sources.
  bundle.script.runInContext(context, { displayErrors: false });
  return context;
}

/** An answer that a function needs before its next line. */
function askNow(call) {
  write(`{"type":"ask","call":${call}}`);
  return answer();
}

/** The host's answer. Until it comes, the host may have functions run that this one calls. */
function answer() {
  for (;;) {
    const text = read();
    if (is(text, "answer")) return text;
    write(run(text));
  }
}

function run(text) {
  let realm;
  try {
    realm = idle.pop() ?? openRealm();
    realm.__input = text;
    ENTER.runInContext(realm);
    for (;;) {
      const told = POLL.runInContext(realm);
      if (is(told, "calls")) {
        write(told);
        realm.__input = answer();
        RESUME.runInContext(realm);
      } else if (is(told, "done")) {
        idle.push(realm);
        return told;
      } else {
        // What failed may have left its realm in any state.
        const failed = JSON.parse(told);
        return JSON.stringify({ ...failed, message: bundle.sources.tell(failed.message) });
      }
    }
  } catch (error) {
    return failure(describe(error));
  }
}

function failure(message) {
  return JSON.stringify({ type: "failed", message, logs: [], streams: [], got: [], writes: [], observed: {} });
}

function describe(error) {
  return bundle.sources.tell(`Uncaught ${String(error?.stack ?? error)}`);
}

function load(message) {
  try {
    const sources = new Sources(message.code, message.filename);
    bundle = {
      sources,
      env: JSON.stringify(message.env),
      script: new vm.Script(sources.code, { filename: message.filename }),
    };
    idle.length = 0;
    const realm = openRealm();
    idle.push(realm);
    return { type: "loaded", described: vm.runInContext("__describe()", realm, { displayErrors: false }) };
  } catch (error) {
    return { type: "failed", message: describe(error) };
  }
}

/** Between two messages the event loop turns once: only there Node tells of rejections that nobody caught. */
function turn() {
  const text = read();
  if (is(text, "load")) {
    write(JSON.stringify(load(JSON.parse(text))));
    setImmediate(turn);
    return;
  }
  unhandled = [];
  const told = run(text);
  setImmediate(() => {
    if (unhandled.length > 0 && is(told, "done")) {
      idle.length = 0;
      const { logs, streams, got, writes, observed } = JSON.parse(told);
      write(JSON.stringify({ type: "failed", message: describe(unhandled[0]), logs, streams, got, writes, observed }));
    } else {
      write(told);
    }
    setImmediate(turn);
  });
}

turn();
