// One Node process that runs actions, many at once, for the process that started it: they wait for the network most of
// their time. What is said goes over a socket (the file whose number it is given), each message a length of four bytes
// and JSON.
//
// Those that run at once share the event loop and nothing else: each has modules of its own. Whose a call or a line of
// the console is, is told by the id that its context carries, and where it carries none by the storage that follows
// what is asynchronous.
import { AsyncLocalStorage } from "node:async_hooks";
import { Buffer } from "node:buffer";
import { createRequire } from "node:module";
import net from "node:net";
import process from "node:process";
import { inspect } from "node:util";
import vm from "node:vm";

import { answerRequest } from "./http_actions.mjs";
import { Sources } from "./sources.mjs";

const MOST_LOG_LINES = 256;
const MOST_LOG_LENGTH = 4096;
/** Of one action, that the host is asked at once; the others wait here. */
const MOST_CALLS = 64;
const MOST_VALUE = 48 << 20;
const MOST_BLOB = 128 << 20;
/** Modules kept for actions to come. */
const MOST_IDLE = 8;

const socket = new net.Socket({ fd: Number(process.argv[2]) });
const leave = process.exit.bind(process);
socket.on("error", () => leave(0));
socket.on("close", () => leave(0));

/** Those that have not ended, by their ids. */
const runs = new Map();
/** The id of whichever runs. */
const current = new AsyncLocalStorage();
/** Modules that no action is in. */
const idle = [];
/** Evaluates the deployment's modules anew; set by `load`. */
let evaluate;
let sources;

// ------------------------------------------------------------------------------------------------------ the socket

function write(message) {
  const text = Buffer.from(JSON.stringify(message));
  const length = Buffer.allocUnsafe(4);
  length.writeUInt32BE(text.length);
  socket.write(length);
  socket.write(text);
}

let parts = [];
let size = 0;
let needed = 4;
socket.on("data", (part) => {
  parts.push(part);
  size += part.length;
  if (size < needed) return;
  let rest = Buffer.concat(parts);
  for (;;) {
    needed = rest.length < 4 ? 4 : 4 + rest.readUInt32BE(0);
    if (rest.length < needed) break;
    handle(JSON.parse(rest.toString("utf8", 4, needed)));
    rest = rest.subarray(needed);
  }
  parts = [rest];
  size = rest.length;
});

function handle(message) {
  const run = runs.get(message.run);
  switch (message.type) {
    case "load":
      return load(message);
    case "ping":
      return write({ type: "pong" });
    case "run":
      return current.run(message.run, () => void new Run(message).perform(message));
    case "answer":
      return run?.answered(message);
    case "more":
      return run?.more?.();
    case "end":
      return void runs.delete(message.run);
  }
}

// ----------------------------------------------------------------------------------------------------------- a run

class Run {
  constructor({ run, identity }) {
    this.id = run;
    this.identity = JSON.stringify(identity ?? null);
    this.lines = 0;
    this.calls = 0;
    /** By their numbers. */
    this.asked = new Map();
    this.waiting = [];
    runs.set(run, this);
  }

  async perform(message) {
    try {
      const modules = idle.pop() ?? evaluate();
      if (message.request) {
        await answerRequest(this, modules.http, message.request);
        this.finish({ type: "done", value: "null" });
      } else {
        const value = await modules.functions[message.module][message.name].invokeAction(this.id, message.args);
        if (value.length > MOST_VALUE) throw new Error("The value that was returned is too large.");
        requireText(value, "The value that was returned");
        this.finish({ type: "done", value });
      }
      if (idle.length < MOST_IDLE) idle.push(modules);
    } catch (error) {
      this.fail(error);
    }
  }

  /** Tells the host something of this run, unless it has ended. */
  tell(message) {
    if (runs.get(this.id) === this) write({ ...message, run: this.id });
  }

  finish(message) {
    this.tell(message);
    runs.delete(this.id);
  }

  fail(error) {
    const told = { type: "failed", message: sources.tell(describe(error)).toWellFormed() };
    if (error?.[Symbol.for("ConvexError")] !== undefined && typeof error.data === "string") {
      try {
        requireText(error.data, "The data of a ConvexError");
        told.data = error.data;
      } catch (wrong) {
        told.message = describe(wrong);
      }
    }
    this.finish(told);
  }

  log(level, values) {
    if (this.lines++ >= MOST_LOG_LINES) return;
    const line = `[${level}] ${values.map((value) => inspect(value, { breakLength: Infinity, depth: 3 })).join(" ")}`;
    const kept = line.length > MOST_LOG_LENGTH ? `${line.slice(0, MOST_LOG_LENGTH)} (truncated)` : line;
    this.tell({ type: "log", line: kept.toWellFormed() });
  }

  /** The host's answer, as text. */
  ask(op, text) {
    return new Promise((resolve, reject) => {
      this.waiting.push({ op, text, resolve, reject });
      this.askNext();
    });
  }

  askNext() {
    while (this.waiting.length > 0 && this.asked.size < MOST_CALLS) {
      const { op, text, ...settle } = this.waiting.shift();
      const call = this.calls++;
      this.asked.set(call, settle);
      this.tell({ type: "call", call, op, text });
    }
  }

  answered({ call, value, error, data }) {
    const { resolve, reject } = this.asked.get(call);
    this.asked.delete(call);
    this.askNext();
    if (error === undefined) resolve(value);
    else reject(Object.assign(new Error(error), data === undefined ? {} : { data }));
  }
}

const HALF = /(?<!\\)(?:\\\\)*\\ud[89a-f]/;

/** Half of a surrogate pair is escaped in JSON, and is no text. */
function requireText(json, what) {
  if (json.includes("\\ud") && HALF.test(json)) {
    throw new Error(`${what} holds half of a surrogate pair, which is no character.`);
  }
}

function describe(error) {
  if (!(error instanceof Error)) return `Uncaught ${inspect(error)}`;
  const frames = String(error.stack).split("\n").filter((line) => /^\s+at /.test(line));
  return [`Uncaught ${error.name}: ${error.message}`, ...frames].join("\n");
}

// What nobody caught is the failure of the action that it belongs to, and of no other.
const stray = (error) => runs.get(current.getStore())?.fail(error);
process.on("unhandledRejection", stray);
process.on("uncaughtException", stray);

// ------------------------------------------------------------------------------------------- what actions find here

function running(args) {
  const run = runs.get(args.requestId || current.getStore());
  if (!run) throw new Error("The action that this belongs to has ended: await all that it begins.");
  return run;
}

globalThis.Convex = {
  syscall(op) {
    if (op === "1.0/componentArgument") return "{}";
    throw new Error(`${op} works in queries and mutations only.`);
  },
  async asyncSyscall(op, text) {
    const run = running(JSON.parse(text));
    return op === "1.0/getUserIdentity" ? run.identity : run.ask(op, text);
  },
  async jsSyscall(op, args) {
    const run = running(args);
    if (op === "storage/getBlob") {
      const found = JSON.parse(await run.ask(op, JSON.stringify({ storageId: args.storageId })));
      return found && new Blob([Buffer.from(found.body, "base64")], { type: found.contentType ?? "" });
    }
    if (op !== "storage/storeBlob") throw new Error(`${op} isn't supported by this deployment.`);
    if (!(args.blob instanceof Blob)) {
      throw new Error("store() takes a Blob; `await response.blob()` gives one of what was fetched.");
    }
    if (args.blob.size > MOST_BLOB) {
      throw new Error(`An action stores at most ${MOST_BLOB >> 20} MiB at once; upload a larger file to an upload URL.`);
    }
    const body = Buffer.from(await args.blob.arrayBuffer()).toString("base64");
    const about = { contentType: args.blob.type || null, sha256: args.options?.sha256 ?? null };
    return JSON.parse(await run.ask(op, JSON.stringify({ body, ...about })));
  },
};

for (const level of ["debug", "error", "info", "log", "warn", "trace"]) {
  const name = { trace: "DEBUG" }[level] ?? level.toUpperCase();
  console[level] = (...values) => runs.get(current.getStore())?.log(name, values);
}
for (const name of ["time", "timeEnd", "timeLog"]) console[name] = () => {};

// ---------------------------------------------------------------------------------------------------------- loading

/** What a module of Convex's own runtime sees of Node's names: nothing but its variables. */
const HIDDEN = ["process", "Buffer", "global", "setImmediate", "clearImmediate", "require", "module", "exports"];

function load({ code, filename, node, folder, env }) {
  try {
    sources = new Sources(code, filename);
    const enter = vm.compileFunction(sources.code, HIDDEN, { filename });
    if (node) {
      for (const name of Object.keys(process.env)) delete process.env[name];
      Object.assign(process.env, env);
      process.exit = () => {
        throw new Error("process.exit() would end other actions too; return, or throw an error.");
      };
      evaluate = () => {
        const module = { exports: {} };
        const require = createRequire(`${folder}/`);
        enter(process, Buffer, globalThis, setImmediate, clearImmediate, require, module, module.exports);
        return module.exports;
      };
    } else {
      globalThis.process = { env };
      evaluate = () => {
        enter(globalThis.process);
        return globalThis.__modules;
      };
    }
    const modules = evaluate();
    idle.push(modules);
    write({ type: "loaded", functions: node ? describeFunctions(modules.functions) : {} });
  } catch (error) {
    write({ type: "unloaded", message: sources ? sources.tell(describe(error)) : describe(error) });
  }
}

const KINDS = { query: "isQuery", mutation: "isMutation", action: "isAction" };

function describeFunctions(functions) {
  const described = {};
  for (const [module, exported] of Object.entries(functions)) {
    for (const [name, value] of Object.entries(exported)) {
      const kind = typeof value === "function" && Object.keys(KINDS).find((each) => value[KINDS[each]]);
      if (!kind) continue;
      const [args, returns] = [JSON.parse(value.exportArgs()), JSON.parse(value.exportReturns())];
      described[`${module}:${name}`] = { kind, public: value.isPublic === true, args, returns };
    }
  }
  return described;
}
