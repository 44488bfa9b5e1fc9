// Two people sign in with tokens that are signed here, by the key that keys.mjs has made, and each sees their
// own notes only. Whoever has no token, or one that another key has signed, is refused.
import { createPrivateKey, generateKeyPairSync, randomUUID, sign } from "node:crypto";
import { readFileSync } from "node:fs";

import { ConvexHttpClient } from "convex/browser";

import { api } from "./convex/_generated/api.js";

const url = process.argv[2] ?? process.env.CONVEX_URL ?? "http://127.0.0.1:3210";
const file = process.env.KEY_FILE ?? new URL("key.json", import.meta.url);
const ours = createPrivateKey({ key: JSON.parse(readFileSync(file, "utf8")), format: "jwk" });
const stolen = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey;

function token(name, key) {
  const now = Math.floor(Date.now() / 1000);
  const header = { alg: "ES256", typ: "JWT", kid: "1" };
  const claims = { iss: "https://example.com", aud: "notes", sub: randomUUID(), name, iat: now, exp: now + 3600 };
  const encode = (part) => Buffer.from(JSON.stringify(part)).toString("base64url");
  const text = `${encode(header)}.${encode(claims)}`;
  return `${text}.${sign("sha256", Buffer.from(text), { key, dsaEncoding: "ieee-p1363" }).toString("base64url")}`;
}

for (const [name, text] of Object.entries({ Ann: "Water the plants", Ben: "Call Ann" })) {
  const client = new ConvexHttpClient(url, { auth: token(name, ours) });
  await client.mutation(api.notes.add, { text });
  const mine = await client.query(api.notes.mine);
  console.log(`${mine.name}: ${mine.notes.join(", ")}`);
}

const nobody = new ConvexHttpClient(url);
await nobody.query(api.notes.mine).catch((error) => console.log(`Nobody: ${error.data}`));

const liar = new ConvexHttpClient(url, { auth: token("Ann", stolen) });
await liar.query(api.notes.mine).catch((error) => console.log(`Another key: ${error.message}`));
