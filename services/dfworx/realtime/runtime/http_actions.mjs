// A request to the site address, given to the function that `http.ts` routes it to, and what that function answers.
import { Buffer } from "node:buffer";

/** Of a body, that is sent at once. */
const PART = 256 << 10;
const MOST_BODY = 20 << 20;

/** Tells the host the response's head, and then each part of its body once the host wants more. */
export async function answerRequest(run, router, { url, method, headers, body }) {
  const { pathname } = new URL(url);
  const found = router.lookup(pathname, method);
  const response = found
    ? await found[0].invokeHttpAction(makeRequest(url, method, headers, body))
    : new Response(`No HttpAction routed for ${pathname}`, { status: 404 });
  if (!(response instanceof Response)) {
    throw new Error("An HTTP action must return a Response: `return new Response(...)`.");
  }
  const reader = response.body?.getReader();
  const first = reader?.read();
  // A body that is there as a whole is known before anything is said.
  const early = first && (await Promise.race([first, new Promise((resolve) => setImmediate(resolve))]));
  if (early?.value?.length > MOST_BODY) {
    throw new Error(`The response of an HTTP action may have at most ${MOST_BODY >> 20} MiB.`);
  }
  run.tell({ type: "head", status: response.status, headers: [...response.headers] });
  if (!reader || method === "HEAD") return;
  for (let part = await first; !part.done; part = await reader.read()) {
    if (!(part.value instanceof Uint8Array)) {
      throw new TypeError("The body of a response is made of Uint8Arrays; a TextEncoder makes them of text.");
    }
    for (let at = 0; at < part.value.length; at += PART) {
      const wanted = new Promise((resolve) => (run.more = resolve));
      run.tell({ type: "part", body: Buffer.from(part.value.subarray(at, at + PART)).toString("base64") });
      await wanted;
    }
  }
}

function makeRequest(url, method, headers, body) {
  const bytes = method === "GET" || method === "HEAD" || !body ? null : Buffer.from(body, "base64");
  return new Request(url, { method, headers, body: bytes });
}
