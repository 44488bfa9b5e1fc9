// A picture is sent to an upload address, listed with its own address, read in full and in part, and deleted. Another
// one is made by an action, and a text is refused.
import { randomUUID } from "node:crypto";

import { ConvexHttpClient } from "convex/browser";

import { api } from "./convex/_generated/api.js";

const url = process.argv[2] ?? process.env.CONVEX_URL ?? "http://127.0.0.1:3210";
const client = new ConvexHttpClient(url);
const album = randomUUID();

async function upload(body, type) {
  const address = await client.mutation(api.pictures.uploadUrl);
  const response = await fetch(address, { method: "POST", headers: { "Content-Type": type }, body });
  return (await response.json()).storageId;
}

const file = await upload(Buffer.from("R0lGODlhAQABAAAAACwAAAAAAQABAAA=", "base64"), "image/gif");
await client.mutation(api.pictures.keep, { album, name: "dot.gif", file });
await client.action(api.pictures.draw, { album });

const pictures = await client.query(api.pictures.list, { album });
for (const { name, type, size, url } of pictures) {
  const response = await fetch(url);
  const bytes = (await response.bytes()).length;
  console.log(`${name}: ${type}, ${size} bytes; read ${bytes}, ${response.headers.get("Content-Type")}`);
}

const [dot] = pictures;
const part = await fetch(dot.url, { headers: { Range: "bytes=0-5" } });
console.log(`Its first six bytes: ${part.status} ${await part.text()}`);

await client.mutation(api.pictures.remove, { picture: dot._id });
console.log(`After it is deleted: ${(await fetch(dot.url)).status}`);
console.log(`Left: ${(await client.query(api.pictures.list, { album })).map(({ name }) => name).join(", ")}`);

try {
  await client.mutation(api.pictures.keep, { album, name: "a.txt", file: await upload("text", "text/plain") });
} catch (error) {
  console.log(`Refused: ${error.data}`);
}
