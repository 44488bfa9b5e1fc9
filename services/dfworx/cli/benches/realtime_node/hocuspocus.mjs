// What editors are commonly built on: a server that keeps documents in memory and passes each change on. Says its port.
import { Server } from "@hocuspocus/server";

const server = new Server({ address: "127.0.0.1", port: 0, quiet: true, stopOnSignals: false });
await server.listen();
console.log(server.httpServer.address().port);
