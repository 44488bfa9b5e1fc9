// What functions ask of the deployment, and how they are run. This runs once in every new realm, before the deployment's
// own code.
(() => {
  "use strict";
  const world = globalThis.__world;
  const askHost = globalThis.__ask;
  const env = JSON.parse(globalThis.__env);
  delete globalThis.__world;
  delete globalThis.__ask;
  delete globalThis.__env;

  const FIRST_PAGE = 64;
  const PAGE = 256;
  const MOST_LATER = 256;
  /** Documents got by their ids of which it is told at the end which they were; besides those that were foreseen. */
  const MOST_TOLD = 6;

  /** The function that runs, from `enter` to its end. */
  let state = null;

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
      const foreseen = this.foreseen();
      if (foreseen) return this.take(foreseen, state.written);
      const size = this.step;
      this.step = PAGE;
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
    state.foreseen = state.documents = null;
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

  /** A document by its id: known already when the host foresaw it and nothing was written since. */
  function get(args) {
    const { id, table = null, isSystem } = args;
    const known = isSystem ? null : state.documents?.[id];
    const isForeseen = known?.table === table;
    if (!isSystem && !known?.told && (isForeseen || state.got.length < MOST_TOLD)) {
      state.got.push([id, table]);
      if (known) known.told = true;
    }
    return isForeseen ? Promise.resolve(known.value) : queue({ op: "1.0/get", args });
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
    if (op === "1.0/get") return get(args);
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
    const { schema, auth, http, crons } = globalThis.__modules;
    if (http && !http.isRouter) throw new Error("http.ts must export an httpRouter() as its default.");
    if (crons && !crons.isCrons) throw new Error("crons.ts must export cronJobs() as its default.");
    if (schema && typeof schema.export !== "function") {
      throw new Error("schema.ts must export by default what defineSchema(...) gives.");
    }
    return JSON.stringify({
      functions: described,
      http: http !== undefined,
      schema: schema ? schema.export() : null,
      crons: crons ? crons.export() : null,
      // A variable that isn't set is told as null: a field that is left out would mean something else.
      auth: auth ? JSON.stringify(auth, (_, value) => value ?? null) : null,
    });
  };

  const DATABASE = { get: "get", insert: "insert", shallowMerge: "patch", replace: "replace", remove: "delete", queryPage: "paginate" };

  /** Calls that nobody awaited are not made any more: whoever wrote the function hears of it, as on Convex. Writes that are
   * told later were answered already. */
  function warnOfDangling() {
    const dangling = state.calls.filter(({ call }) => !call.later);
    const names = dangling.map(({ call }) => {
      const op = call.op.replace("1.0/", "");
      if (op === "runUdf") return call.args.udfType === "mutation" ? "runMutation" : "runQuery";
      return op === "stream" ? "db.query" : op in DATABASE ? `db.${DATABASE[op]}` : op;
    });
    if (names.length === 0) return;
    const many = names.length === 1 ? "operation" : "operations";
    world.warn(`${names.length} unawaited ${many}: [${names.slice(0, 20).join(", ")}]. Async operations should be awaited or they might not run.`);
  }

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
      documents: message.documents,
      got: [],
      written: 0,
      streams: new Map(),
      observed: { claims: [] },
      result: null,
    };
    world.enter(state, message.seed);
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
    return `Uncaught ${world.show(error)}`;
  }

  /** What the host must do next, once nothing here can go on by itself. */
  globalThis.__poll = () => {
    if (state.result === null && state.calls.some(({ call }) => !call.later)) {
      state.asked = state.calls;
      state.calls = [];
      return JSON.stringify({ type: "calls", calls: state.asked.map((each) => each.call) });
    }
    if (state.result?.type === "done") warnOfDangling();
    const result = state.result ?? { type: "failed", message: "Uncaught Error: Returned promise will never resolve" };
    const streams = [...state.streams.values()].map((stream) => [stream.id, stream.taken, stream.sawEnd]);
    const writes = state.calls.map((each) => each.call).filter((call) => call.later);
    const told = JSON.stringify({ ...result, logs: state.logs, streams, got: state.got, writes, observed: state.observed });
    state = null;
    world.leave();
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
