// Makes a key for signing tokens, unless there is one (key.json here, or KEY_FILE), and prints its public half as a data:
// address. A service that signs people in has such a key, and mostly serves the public half at an address of its own.
import { createPublicKey, generateKeyPairSync } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";

const file = process.env.KEY_FILE ?? new URL("key.json", import.meta.url);

if (!existsSync(file)) {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  writeFileSync(file, JSON.stringify(privateKey.export({ format: "jwk" })), { mode: 0o600 });
}
const key = createPublicKey({ key: JSON.parse(readFileSync(file, "utf8")), format: "jwk" });
const keys = [{ ...key.export({ format: "jwk" }), kid: "1", alg: "ES256", use: "sig" }];
console.log(`data:application/json;base64,${Buffer.from(JSON.stringify({ keys })).toString("base64")}`);
