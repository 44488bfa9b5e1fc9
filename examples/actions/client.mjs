// Actions are called like mutations, HTTP actions by any HTTP client at the site address, the second argument. What
// they kept is read by a query.
import { ConvexHttpClient } from "convex/browser";

import { api } from "./convex/_generated/api.js";

const url = process.argv[2] ?? process.env.CONVEX_URL ?? "http://127.0.0.1:3210";
const site = process.argv[3] ?? process.env.CONVEX_SITE_URL ?? "http://127.0.0.1:3211";
const client = new ConvexHttpClient(url);

for (const city of ["Oslo", "Lima", "Atlantis"]) {
  try {
    console.log(`${city}: ${await client.action(api.readings.refresh, { city })} degrees`);
  } catch (error) {
    console.log(`Refused: ${error.data}`);
  }
}

const stranger = await fetch(`${site}/weather?city=Oslo`);
console.log(`Without the key: ${stranger.status} ${await stranger.text()}`);
for (const body of ["14", "mild"]) {
  const told = await fetch(`${site}/stations/Quito`, { method: "POST", body });
  console.log(`A station tells ${body}: ${told.status} ${await told.text()}`.trim());
}

const readings = await client.query(api.readings.all);
console.log(`Kept: ${readings.map(({ city, degrees }) => `${city} ${degrees}`).join(", ")}`);
console.log(`Fingerprint: ${await client.action(api.fingerprints.current, { algorithm: "md5" })}`);
