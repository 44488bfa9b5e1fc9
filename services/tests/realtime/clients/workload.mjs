// Official clients that write and watch at random. The first line on standard input says how many and where; a second
// one, when all that was written is known to be there, asks for what each of them sees.
import { createInterface } from "node:readline";

import { ConvexClient } from "convex/browser";
import { makeFunctionReference } from "convex/server";

const IN_FLIGHT = 5;
const SEALED = 1000;
const add = makeFunctionReference("ledger:add");
const tell = (told) => process.stdout.write(`${JSON.stringify(told)}\n`);

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
function chance(seed) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

let answered = 0;
const countOne = () => ++answered % 50 === 0 && tell({ answered });

class Person {
  seen = new Map();
  acknowledged = [];
  wentBack = false;

  constructor({ url, seed, accounts, people }, name) {
    this.name = name;
    this.accounts = accounts;
    this.random = chance(seed);
    this.client = new ConvexClient(url, { unsavedChangesWarning: false, logger: false });
    for (let n = 0; n < 3; n++) this.watch("ledger:account", { name: this.below(accounts) });
    this.watch("ledger:account", { name: SEALED });
    if (this.below(2)) this.watch("ledger:newest", {});
    this.watchLast(people[this.below(people.length)]);
  }

  below(limit) {
    return Math.floor(this.random() * limit);
  }

  watch(path, args, look = () => {}) {
    const key = JSON.stringify([path, args]);
    this.client.onUpdate(makeFunctionReference(path), args, (value) => {
      look(value, this.seen.get(key));
      this.seen.set(key, value);
    });
  }

  watchLast(client) {
    this.watch("ledger:last", { client }, (value, before) => {
      this.wentBack ||= value < before;
    });
  }

  async write(number) {
    const mark = { client: this.name, number, account: this.below(this.accounts), amount: this.below(100) };
    const fails = this.below(10) === 0;
    try {
      await this.client.mutation(add, { ...mark, fails });
      if (fails) throw new Error("It should have failed.");
      this.acknowledged.push(mark);
    } catch (error) {
      if (!fails || error.data !== "on purpose") throw error;
    }
    countOne();
  }

  async writeAll(count) {
    let next = 0;
    const line = async () => {
      while (next < count) await this.write(next++);
    };
    await Promise.all(Array.from({ length: IN_FLIGHT }, line));
  }

  sealed() {
    return (this.seen.get(JSON.stringify(["ledger:account", { name: SEALED }])) ?? null) !== null;
  }
}

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const wanted = JSON.parse((await lines.next()).value);
const people = wanted.names.map((name, n) => new Person({ ...wanted, seed: wanted.seed + n }, name));
await Promise.all(people.map((each) => each.writeAll(wanted.mutations)));
tell({ acknowledged: people.flatMap((each) => each.acknowledged) });
await lines.next();
while (!people.every((each) => each.sealed())) await new Promise((resolve) => setTimeout(resolve, 20));
// What came with the seal is told to each watcher in turn.
await new Promise((resolve) => setTimeout(resolve, 0));
tell({
  seen: people.flatMap((each) => [...each.seen].map(([asked, value]) => [...JSON.parse(asked), value])),
  wentBack: people.filter((each) => each.wentBack).map((each) => each.name),
});
process.exit(0);
