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

/** What has arrived and wasn't read yet: mostly one message, since the other side waits for an answer to it. */
let arrived = Buffer.alloc(0);

/** A message's text. It is parsed where it is used, mostly in a realm. */
function read() {
  for (;;) {
    const end = arrived.length < 4 ? Infinity : 4 + arrived.readUInt32BE(0);
    if (arrived.length >= end) {
      const text = arrived.toString("utf8", 4, end);
      arrived = arrived.subarray(end);
      return text;
    }
    const part = Buffer.allocUnsafe(Math.max(AT_ONCE, Number.isFinite(end) ? end - arrived.length : 0));
    const got = fs.readSync(SOCKET, part, 0, part.length, null);
    if (got === 0) process.exit(0);
    arrived = arrived.length === 0 ? part.subarray(0, got) : Buffer.concat([arrived, part.subarray(0, got)]);
  }
}

function write(text) {
  const length = Buffer.byteLength(text);
  const bytes = Buffer.allocUnsafe(4 + length);
  bytes.writeUInt32BE(length, 0);
  bytes.write(text, 4, "utf8");
  for (let at = 0; at < bytes.length; ) at += fs.writeSync(SOCKET, bytes, at);
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
  return JSON.stringify({ type: "failed", message, logs: [], streams: [], writes: [], observed: {} });
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
      const { logs, streams, writes, observed } = JSON.parse(told);
      write(JSON.stringify({ type: "failed", message: describe(unhandled[0]), logs, streams, writes, observed }));
    } else {
      write(told);
    }
    setImmediate(turn);
  });
}

turn();
