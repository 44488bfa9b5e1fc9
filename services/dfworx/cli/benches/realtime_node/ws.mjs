// What `ws` can do: every message of a publisher goes to every subscriber as it came. Says its port.
import { WebSocketServer } from "ws";

const subscribers = new Set();
const server = new WebSocketServer({ host: "127.0.0.1", port: 0, perMessageDeflate: false });
server.on("listening", () => console.log(server.address().port));
server.on("connection", (socket, request) => {
  if (request.url === "/publish") {
    socket.on("message", (message) => {
      for (const each of subscribers) each.send(message, { binary: false });
    });
  } else {
    subscribers.add(socket);
    socket.on("close", () => subscribers.delete(socket));
  }
});
