// What functions find around them: Convex's calls, a clock that stands, chance from a seed, a console that is kept. This
// runs once in every new realm, before the deployment's own code.
(() => {
  "use strict";
  const web = globalThis.__web;
  const askHost = globalThis.__ask;
  const env = JSON.parse(globalThis.__env);
  delete globalThis.__web;
  delete globalThis.__ask;
  delete globalThis.__env;

  const MOST_LOG_LINES = 256;
  const MOST_LOG_LENGTH = 4096;
  const FIRST_PAGE = 64;
  const PAGE = 256;
  const MOST_LATER = 256;

  /** The function that runs, from `enter` to its end. */
  let state = null;

  // ---------------------------------------------------------------------------------------------- the world outside

  for (const name of ["URL", "URLSearchParams", "Headers", "Request", "Response", "Blob"]) {
    Object.defineProperty(globalThis, name, { value: web[name], writable: true, configurable: true });
  }
  globalThis.atob = (text) => web.atob(text);
  globalThis.btoa = (text) => web.btoa(text);
  globalThis.structuredClone = (value) => revive(web.structuredClone(value));
  // What comes from another realm is no instance of this one's classes, so bytes are made anew.
  globalThis.TextEncoder = class TextEncoder {
    encoding = "utf-8";
    encode(text = "") {
      return new Uint8Array(new web.TextEncoder().encode(text));
    }
  };
  globalThis.TextDecoder = class TextDecoder {
    #inner;
    constructor(label, options) {
      this.#inner = new web.TextDecoder(label, options);
      this.encoding = this.#inner.encoding;
    }
    decode(bytes, options) {
      return this.#inner.decode(bytes, options);
    }
  };

  function revive(value) {
    if (value === null || typeof value !== "object") return value;
    if (Array.isArray(value)) return Array.from(value, revive);
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, revive(inner)]));
  }

  for (const name of ["fetch", "setTimeout", "setInterval"]) {
    globalThis[name] = () => {
      throw new Error(
        `Can't use ${name}() in queries and mutations. Please consider using an action. See https://docs.convex.dev/functions/actions for more details.`,
      );
    };
  }
  globalThis.clearTimeout = () => {};
  globalThis.clearInterval = () => {};

  // ------------------------------------------------------------------------------------------------ time and chance

  const RealDate = Date;
  const now = () => {
    if (state) state.observed.time = true;
    return state ? Math.floor(state.now) : 0;
  };
  globalThis.Date = new Proxy(RealDate, {
    construct: (target, args, self) => Reflect.construct(target, args.length === 0 ? [now()] : args, self),
    apply: () => new RealDate(now()).toString(),
    get: (target, name, self) => (name === "now" ? now : Reflect.get(target, name, self)),
  });
  RealDate.prototype.constructor = globalThis.Date;
  globalThis.performance = { now: () => now() * 0, timeOrigin: 0 };

  /** xoshiro128**, seeded by the host's 16 bytes. */
  function makeChance(seed) {
    const s = Uint32Array.from(seed);
    const rotate = (value, by) => (value << by) | (value >>> (32 - by));
    return () => {
      const result = Math.imul(rotate(Math.imul(s[1], 5), 7), 9) >>> 0;
      const kept = s[1] << 9;
      s[2] ^= s[0];
      s[3] ^= s[1];
      s[1] ^= s[2];
      s[0] ^= s[3];
      s[2] ^= kept;
      s[3] = rotate(s[3], 11);
      return result;
    };
  }
  let chance = makeChance([1, 2, 3, 4]);
  const draw = () => {
    if (state) state.observed.random = true;
    return chance();
  };
  Math.random = () => ((draw() >>> 5) * 67108864 + (draw() >>> 6)) / 9007199254740992;
  globalThis.crypto = {
    getRandomValues(array) {
      const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
      for (let at = 0; at < bytes.length; at++) bytes[at] = draw();
      return array;
    },
    randomUUID() {
      const bytes = this.getRandomValues(new Uint8Array(16));
      bytes[6] = (bytes[6] & 15) | 64;
      bytes[8] = (bytes[8] & 63) | 128;
      const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
      return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
    },
  };

  // ------------------------------------------------------------------------------------------------------- console

  function show(value, depth = 0) {
    if (typeof value === "string") return `'${value}'`;
    if (typeof value === "bigint") return `${value}n`;
    if (typeof value === "function") return `[Function: ${value.name || "anonymous"}]`;
    if (value === null || typeof value !== "object") return String(value);
    if (value instanceof Error) return value.stack ?? String(value);
    if (depth > 3) return Array.isArray(value) ? "[Array]" : "[Object]";
    if (Array.isArray(value)) return value.length ? `[ ${value.map((each) => show(each, depth + 1)).join(", ")} ]` : "[]";
    const fields = Object.entries(value).map(([name, inner]) => `${name}: ${show(inner, depth + 1)}`);
    return fields.length ? `{ ${fields.join(", ")} }` : "{}";
  }

  function log(level, values) {
    if (!state || state.logs.length >= MOST_LOG_LINES) return;
    const line = `[${level}] ${values.map((value) => show(value)).join(" ")}`;
    const kept = line.length > MOST_LOG_LENGTH ? `${line.slice(0, MOST_LOG_LENGTH)} (truncated)` : line;
    state.logs.push(kept.toWellFormed());
  }
  globalThis.console = Object.fromEntries(
    ["debug", "error", "info", "log", "warn", "trace"].map((level) => [
      level,
      (...values) => log({ trace: "DEBUG" }[level] ?? level.toUpperCase(), values),
    ]),
  );
  for (const name of ["time", "timeEnd", "timeLog"]) console[name] = () => {};

  // ----------------------------------------------------------------------------------------------------- identity

  const realParse = JSON.parse;

  /** The identity that tells which of its claims were looked at. To list them, or to write them all, is to look at all. */
  function watched(identity) {
    const note = (name) => {
      // Whoever awaits it asks first whether it is a promise.
      if (typeof name === "string" && name !== "then") state.observed.claims.push(name);
    };
    const all = () => {
      state.observed.allClaims = true;
    };
    return new Proxy(identity, {
      get(target, name) {
        note(name);
        return target[name];
      },
      has(target, name) {
        note(name);
        return name in target;
      },
      ownKeys(target) {
        all();
        return Reflect.ownKeys(target);
      },
      getOwnPropertyDescriptor(target, name) {
        note(name);
        return Reflect.getOwnPropertyDescriptor(target, name);
      },
    });
  }
  // The client's code parses the whole answer at once, so it is here that the identity is handed out.
  JSON.parse = (text, reviver) => {
    const value = realParse(text, reviver);
    return state && text === state.identityText && value !== null ? watched(value) : value;
  };

  // ------------------------------------------------------------------------------------------------------- streams

  /** Rows of queries come in pages, ahead of need; how many were taken is told at the end. */
  class Stream {
    constructor(id, query) {
      this.id = id;
      this.query = query;
      this.rows = [];
      this.taken = 0;
      this.given = 0;
      this.done = false;
      this.sawEnd = false;
      this.step = FIRST_PAGE;
      this.waiting = null;
    }

    next() {
      if (this.rows.length > 0) {
        this.taken++;
        return Promise.resolve(`{"value":${this.rows.shift()},"done":false}`);
      }
      if (this.done) {
        this.sawEnd = true;
        return Promise.resolve('{"value":null,"done":true}');
      }
      const size = this.step;
      this.step = PAGE;
      const foreseen = this.foreseen();
      if (foreseen) return this.take(foreseen, state.written);
      const asked = state.written;
      const page = queue({ op: "stream", stream: this.id, query: this.query, size, taken: this.taken });
      return page.then((rows) => this.take(rows, asked));
    }

    /** `asked`: how many writes there had been. Of what was found before another one only the row that was waited for counts. */
    take({ rows, done }, asked) {
      const fresh = asked === state.written;
      this.rows.push(...(fresh ? rows : rows.slice(0, 1)));
      this.done = done && (fresh || rows.length === 0);
      if (!fresh) this.step = 8;
      return this.next();
    }

    /** The first rows, when the host knew what would be asked and there was no write since. */
    foreseen() {
      const page = state.foreseen?.[this.id];
      if (!page) return null;
      delete state.foreseen[this.id];
      return JSON.stringify(page.query) === JSON.stringify(this.query) ? page : null;
    }

    /** After a write: what was fetched ahead may be old by now. */
    forget() {
      if (this.rows.length === 0 && !this.done) return;
      this.rows = [];
      this.done = false;
      this.step = 8;
    }
  }

  // -------------------------------------------------------------------------------------------------------- calls

  /** Asks the host with the next batch. */
  function queue(call) {
    return new Promise((resolve, reject) => state.calls.push({ call, resolve, reject }));
  }

  const WRITES = new Set(["1.0/insert", "1.0/shallowMerge", "1.0/replace", "1.0/remove"]);

  /** A mutation's write needs no answer but an insert's id, for which the host gives some in advance. So it is told later, with
   * the next question or at the end. Should it be refused then, the function is run again with every write told at once:
   * nothing that it did has been seen by anybody. */
  function write(op, args) {
    state.streams.forEach((stream) => stream.forget());
    state.written++;
    state.foreseen = null;
    if (state.later && state.calls.length < MOST_LATER) {
      const id = op === "1.0/insert" ? state.ids[args.table]?.pop() : null;
      if (id !== undefined) {
        state.calls.push({ call: { op, args, later: true, id }, resolve: () => {}, reject: spoil });
        return Promise.resolve(id === null ? "null" : JSON.stringify({ _id: id }));
      }
    }
    return queue({ op, args }).finally(() => state?.streams.forEach((stream) => stream.forget()));
  }

  function spoil() {
    state.result = { type: "failed", message: "" };
  }

  function asyncSyscall(op, text) {
    const args = realParse(text);
    if (op === "1.0/queryStreamNext") {
      const stream = state.streams.get(args.queryId);
      return stream ? stream.next() : Promise.reject(new Error("This query is closed."));
    }
    if (op === "1.0/getUserIdentity") {
      state.observed.identity = true;
      return Promise.resolve(state.identityText);
    }
    if (WRITES.has(op)) return write(op, args);
    const answer = queue({ op, args });
    if (op === "1.0/runUdf" && args.udfType === "mutation") {
      return answer.finally(() => state?.streams.forEach((stream) => stream.forget()));
    }
    return answer;
  }

  function syscall(op, text) {
    const args = realParse(text);
    switch (op) {
      case "1.0/queryStream": {
        const id = state.streams.size;
        state.streams.set(id, new Stream(id, args.query));
        return JSON.stringify({ queryId: id });
      }
      case "1.0/queryCleanup":
        return JSON.stringify(state.streams.has(args.queryId));
      case "1.0/componentArgument":
        return "{}";
    }
    const told = realParse(askHost(JSON.stringify({ op, args })));
    const [answer] = told.answers;
    if (answer.error !== undefined) throw new Error(answer.error);
    return answer.value;
  }

  globalThis.Convex = {
    syscall,
    asyncSyscall,
    jsSyscall(op) {
      throw new Error(`${op} works in actions only.`);
    },
  };
  globalThis.process = { env };

  // ------------------------------------------------------------------------------------------------------ running

  const KINDS = { query: "isQuery", mutation: "isMutation", action: "isAction" };

  /** Every function of the deployment, with its validators: `module:export` to what it is. */
  globalThis.__describe = () => {
    const described = {};
    for (const [module, exported] of Object.entries(globalThis.__modules.functions)) {
      for (const [name, value] of Object.entries(exported)) {
        if (typeof value !== "function") continue;
        const kind = Object.keys(KINDS).find((each) => value[KINDS[each]]);
        if (!kind) continue;
        described[`${module}:${name}`] = {
          kind,
          public: value.isPublic === true,
          args: realParse(value.exportArgs()),
          returns: realParse(value.exportReturns()),
        };
      }
    }
    const { schema, auth } = globalThis.__modules;
    return JSON.stringify({
      functions: described,
      schema: schema ? schema.export() : null,
      // A variable that isn't set is told as null: a field that is left out would mean something else.
      auth: auth ? JSON.stringify(auth, (_, value) => value ?? null) : null,
    });
  };

  globalThis.__enter = () => {
    const message = realParse(globalThis.__input);
    state = {
      now: message.now,
      identityText: JSON.stringify(message.identity ?? null),
      logs: [],
      calls: [],
      later: message.later,
      ids: message.ids,
      foreseen: message.foreseen,
      written: 0,
      streams: new Map(),
      observed: { claims: [] },
      result: null,
    };
    chance = makeChance(message.seed);
    const mine = state;
    const called = globalThis.__modules.functions[message.module][message.name];
    const invoke = message.kind === "query" ? "invokeQuery" : "invokeMutation";
    called[invoke](message.args).then(
      (value) => (mine.result = hasHalf(value) ? failure(new Error(`The value that was returned ${NO_TEXT}`)) : { type: "done", value }),
      (error) => (mine.result = failure(error)),
    );
  };

  const HALF = /(?<!\\)(?:\\\\)*\\ud[89a-f]/;
  /** Of JSON: whether it has an escape of half a surrogate pair, which was half of a character once and is no text. */
  const hasHalf = (text) => text.includes("\\ud") && HALF.test(text);
  const NO_TEXT = "holds half of a surrogate pair, which is no character.";

  function failure(error) {
    const told = { type: "failed", message: describe(error).toWellFormed() };
    if (error && error[Symbol.for("ConvexError")] !== undefined) {
      if (hasHalf(error.data)) return failure(new Error(`The data of a ConvexError ${NO_TEXT}`));
      told.data = error.data;
    }
    return told;
  }

  function describe(error) {
    if (error instanceof Error || (error && typeof error === "object" && "stack" in error)) {
      const first = `Uncaught ${error.name}: ${error.message}`;
      const frames = String(error.stack).split("\n").filter((line) => /^\s+at /.test(line));
      return [first, ...frames].join("\n");
    }
    return `Uncaught ${show(error)}`;
  }

  /** What the host must do next, once nothing here can go on by itself. */
  globalThis.__poll = () => {
    if (state.result === null && state.calls.some(({ call }) => !call.later)) {
      state.asked = state.calls;
      state.calls = [];
      return JSON.stringify({ type: "calls", calls: state.asked.map((each) => each.call) });
    }
    const result = state.result ?? { type: "failed", message: "Uncaught Error: Returned promise will never resolve" };
    const streams = [...state.streams.values()].map((stream) => [stream.id, stream.taken, stream.sawEnd]);
    const writes = state.calls.map((each) => each.call).filter((call) => call.later);
    const told = JSON.stringify({ ...result, logs: state.logs, streams, writes, observed: state.observed });
    state = null;
    return told;
  };

  globalThis.__resume = () => {
    const { answers } = realParse(globalThis.__input);
    state.asked.forEach(({ resolve, reject }, place) => {
      const answer = answers[place];
      for (const [table, ids] of Object.entries(answer.ids ?? {})) (state.ids[table] ??= []).push(...ids);
      if (answer.error === undefined) return resolve(answer.value);
      const error = new Error(answer.error);
      if (answer.data !== undefined) error.data = answer.data;
      reject(error);
    });
  };
})();
