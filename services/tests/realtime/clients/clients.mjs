// Official clients in a Node process, driven by lines of JSON: each line on standard input is something to do, each on
// standard output is its answer or something that a client was shown meanwhile.
import { createInterface } from "node:readline";

import { ConvexClient } from "convex/browser";
import { makeFunctionReference } from "convex/server";

const clients = new Map();
const stops = new Map();
const pages = new Map();
const tell = (told) => process.stdout.write(`${JSON.stringify(told)}\n`);
const told = (error) => ({ error: error.data ?? error.message });

const commands = {
  open({ client, url }) {
    clients.set(client, new ConvexClient(url, { unsavedChangesWarning: false, logger: false }));
  },
  watch({ client, watch, path, args }) {
    const stop = clients.get(client).onUpdate(
      makeFunctionReference(path),
      args,
      (value) => tell({ watch, value }),
      (error) => tell({ watch, ...told(error) }),
    );
    stops.set(watch, stop);
  },
  unwatch({ watch }) {
    stops.get(watch)();
  },
  mutate({ client, path, args }) {
    return clients.get(client).mutation(makeFunctionReference(path), args);
  },
  act({ client, path, args }) {
    return clients.get(client).action(makeFunctionReference(path), args);
  },
  /** Shown at once at the end of the list that `list` with `room` gives. */
  mutateShown({ client, path, args, list }) {
    const optimisticUpdate = (store) => {
      const query = makeFunctionReference(list);
      const shown = store.getQuery(query, { room: args.room });
      if (shown) store.setQuery(query, { room: args.room }, [...shown, args.body]);
    };
    return clients.get(client).mutation(makeFunctionReference(path), args, { optimisticUpdate });
  },
  /** As a page's component shows them, with React. */
  async watchPages({ url, watch, path, args, size }) {
    const { showPages } = await import("./pages.mjs");
    pages.set(watch, await showPages(url, path, args, size, (value) => tell({ watch, value })));
  },
  more({ watch, size }) {
    pages.get(watch)(size);
  },
  /** Tokens in the order in which the client asks for them, the last one again and again. */
  login({ client, tokens }) {
    const left = [...tokens];
    const fetchToken = async ({ forceRefreshToken }) => {
      tell({ auth: client, fetched: forceRefreshToken });
      return left.length > 1 ? left.shift() : left[0];
    };
    clients.get(client).setAuth(fetchToken, (authenticated) => tell({ auth: client, authenticated }));
  },
  logout({ client }) {
    clients.get(client).client.clearAuth();
  },
  connection({ client }) {
    const { isWebSocketConnected, connectionCount, hasInflightRequests } = clients.get(client).connectionState();
    return { isWebSocketConnected, connectionCount, hasInflightRequests };
  },
  close({ client }) {
    return clients.get(client).close();
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const { id, command, ...wanted } = JSON.parse(line);
  Promise.resolve()
    .then(() => commands[command](wanted))
    .then((value) => tell({ id, value: value ?? null }))
    .catch((error) => tell({ id, ...told(error) }));
}
process.exit(0);
