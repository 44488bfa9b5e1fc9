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
const here = new URL(".", import.meta.url);
const REALM = new vm.Script(fs.readFileSync(new URL("realm.js", here), "utf8"), { filename: "convex:realm" });
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

function readBytes(length) {
  const bytes = Buffer.allocUnsafe(length);
  for (let at = 0; at < length; ) {
    const got = fs.readSync(SOCKET, bytes, at, length - at, null);
    if (got === 0) process.exit(0);
    at += got;
  }
  return bytes;
}

function read() {
  return JSON.parse(readBytes(readBytes(4).readUInt32BE(0)).toString("utf8"));
}

function write(message) {
  const text = JSON.stringify(message);
  const length = Buffer.byteLength(text);
  const bytes = Buffer.allocUnsafe(4 + length);
  bytes.writeUInt32BE(length, 0);
  bytes.write(text, 4, "utf8");
  for (let at = 0; at < bytes.length; ) at += fs.writeSync(SOCKET, bytes, at);
}

function openRealm() {
  const context = vm.createContext(
    {
      __web: { TextEncoder, TextDecoder, URL, URLSearchParams, atob, btoa, structuredClone, Headers, Request, Response, Blob },
      __ask: askNow,
      __env: bundle.env,
    },
    { microtaskMode: "afterEvaluate", codeGeneration: { strings: false, wasm: true } },
  );
  REALM.runInContext(context);
  bundle.script.runInContext(context);
  return context;
}

/** An answer that a function needs before its next line. */
function askNow(text) {
  write({ type: "ask", call: JSON.parse(text) });
  return JSON.stringify(answer());
}

/** The host's answer. Until it comes, the host may have functions run that this one calls. */
function answer() {
  for (;;) {
    const message = read();
    if (message.type === "answer") return message;
    write(run(message));
  }
}

function run(message) {
  let realm;
  try {
    realm = idle.pop() ?? openRealm();
    realm.__input = JSON.stringify(message);
    ENTER.runInContext(realm);
    for (;;) {
      const told = JSON.parse(POLL.runInContext(realm));
      if (told.type !== "calls") {
        // What failed may have left its realm in any state.
        if (told.type === "done") idle.push(realm);
        else told.message = bundle.sources.tell(told.message);
        return told;
      }
      write(told);
      realm.__input = JSON.stringify(answer());
      RESUME.runInContext(realm);
    }
  } catch (error) {
    return { type: "failed", message: describe(error), logs: [], streams: [], observed: {} };
  }
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
    return { type: "loaded", described: vm.runInContext("__describe()", realm) };
  } catch (error) {
    return { type: "failed", message: describe(error) };
  }
}

/** Between two messages the event loop turns once: only there Node tells of rejections that nobody caught. */
function turn() {
  const message = read();
  if (message.type === "load") {
    write(load(message));
    setImmediate(turn);
    return;
  }
  unhandled = [];
  const told = run(message);
  setImmediate(() => {
    if (unhandled.length > 0 && told.type === "done") {
      idle.length = 0;
      write({ ...told, type: "failed", value: undefined, message: describe(unhandled[0]) });
    } else {
      write(told);
    }
    setImmediate(turn);
  });
}

turn();
