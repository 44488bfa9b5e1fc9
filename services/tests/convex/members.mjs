// Members of one organization who watch one thread, with Convex's own client. The line on standard input has the address,
// the operator's key and their tokens; the answer, how often queries ran for what they did.
import { createInterface } from "node:readline";

import { ConvexClient } from "convex/browser";
import { anyApi } from "convex/server";

const WRITES = 10;
const [line] = await createInterface({ input: process.stdin })[Symbol.asyncIterator]().next().then(({ value }) => [value]);
const { url, admin_key, tokens } = JSON.parse(line);

async function countRuns() {
  const answer = await fetch(`${url}/metrics`, { headers: { authorization: `Convex ${admin_key}` } });
  const lines = (await answer.text()).split("\n").filter((each) => /^realtime_run_seconds_count\{.*kind="query"/.test(each));
  if (lines.length === 0) throw new Error("The deployment's /metrics has no realtime_run_seconds.");
  return lines.reduce((sum, each) => sum + Number(each.split(" ").at(-1)), 0);
}

/** Each write is taken in by its own client, with what it changes of what that watches, before the next. */
async function count(write) {
  const before = await countRuns();
  for (let n = 0; n < WRITES; n++) await write(clients[n % clients.length], n);
  return (await countRuns()) - before;
}

const clients = tokens.map((token) => {
  const client = new ConvexClient(url, { unsavedChangesWarning: false, logger: false });
  client.setAuth(() => Promise.resolve(token));
  return client;
});
const thread_id = await clients[0].mutation(anyApi.threads.create, { name: "Garden" });
let heard = () => undefined;
const page = { numItems: 20, cursor: null };
await Promise.all(
  clients.map(
    (client, member) =>
      new Promise((resolve, reject) => {
        const take = ({ page }) => {
          resolve();
          heard(member, page[0]?.text);
        };
        client.onUpdate(anyApi.messages.list, { thread_id, paginationOpts: page }, take, reject);
      }),
  ),
);
/** Until every member has been shown it. */
const everybodyHears = (text) => {
  const waited = new Set(clients.keys());
  return new Promise((resolve) => {
    heard = (member, newest) => newest === text && waited.delete(member) && waited.size === 0 && resolve();
  });
};
const runs = {
  messages: await count(async (client, n) => {
    const text = `Row ${n}`;
    const all = everybodyHears(text);
    await client.mutation(anyApi.messages.send, { thread_id, text });
    await all;
  }),
  marks: await count((client, n) => client.mutation(anyApi.reads.mark, { thread_id, number: n + 1 })),
  typing: await count((client) => client.mutation(anyApi.typing.set, { thread_id })),
  heartbeats: await count((client, n) =>
    client.mutation(anyApi.presence.heartbeat, { device_id: `tab ${n}`, is_idle: false, place: `thread:${thread_id}` }),
  ),
};
process.stdout.write(`${JSON.stringify({ writes: WRITES, runs })}\n`);
process.exit(0);
