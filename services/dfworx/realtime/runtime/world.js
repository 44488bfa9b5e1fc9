// The world around functions: Web APIs of this realm's own, a clock that stands, chance from a seed, a console that is kept.
// This runs once in every new realm, before realm.js, which tells of the function that runs.
(() => {
  "use strict";
  const web = globalThis.__web;
  delete globalThis.__web;

  const MOST_LOG_LINES = 256;
  const MOST_LOG_LENGTH = 4096;

  /** The function that runs. */
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

  globalThis.__world = {
    show,
    /** A line of the deployment's own. */
    warn(text) {
      if (state.logs.length < MOST_LOG_LINES) state.logs.push(`[WARN] ${text}`);
    },
    enter(running, seed) {
      state = running;
      chance = makeChance(seed);
    },
    leave() {
      state = null;
    },
  };
})();
