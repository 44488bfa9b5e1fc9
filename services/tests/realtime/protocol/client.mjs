// The official client's own reading of frames: for each list of them, what its remote query set holds afterwards, or the
// words with which it refuses.
import { readFileSync } from "node:fs";

const sync = new URL("../../../../node_modules/convex/dist/esm/browser/sync/", import.meta.url);
const { parseServerMessage } = await import(new URL("protocol.js", sync));
const { RemoteQuerySet } = await import(new URL("remote_query_set.js", sync));
const { convexToJson } = await import("convex/values");

const logger = { log() {}, logVerbose() {}, warn() {}, error() {} };

function read(frames) {
  const held = new RemoteQuerySet((id) => `query ${id}`, logger);
  const heard = [];
  for (const frame of frames) {
    const message = parseServerMessage(JSON.parse(frame));
    heard.push(message.type);
    if (message.type === "Transition") held.transition(message);
  }
  const results = [...held.remoteQueryResults().entries()].map(([id, result]) => [
    Number(id),
    result.success ? convexToJson(result.value) : { failed: result.errorMessage },
  ]);
  return { heard, results };
}

const answers = JSON.parse(readFileSync(0, "utf8")).map((frames) => {
  try {
    return read(frames);
  } catch (error) {
    return { refused: error.message };
  }
});
process.stdout.write(JSON.stringify(answers));
