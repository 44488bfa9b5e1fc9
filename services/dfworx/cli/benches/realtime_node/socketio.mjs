// What socket.io can do by its WebSocket transport: every message of a publisher is emitted to the room that every
// subscriber is in. Says its port.
import { createServer } from "node:http";

import { Server } from "socket.io";

const http = createServer();
// Connections of the benchmark last seconds: a ping in between would only be in the way.
const io = new Server(http, { transports: ["websocket"], perMessageDeflate: false, pingInterval: 3_600_000 });
io.on("connection", (socket) => void socket.join("subscribers"));
io.of("/publish").on("connection", (socket) => {
  socket.on("m", (message) => io.to("subscribers").emit("m", message));
});
http.listen(0, "127.0.0.1", () => console.log(http.address().port));
