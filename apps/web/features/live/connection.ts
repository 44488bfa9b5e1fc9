/** The page's one connection to chat, presence and shared texts. Loaded late: no page needs it to be read. */
import { ApiProblem, read, type Api } from "@dfworx/api";
import type { ConnectionState } from "convex/browser";
import { ConvexReactClient } from "convex/react";

import { tellConnection } from "./state";

/** A server that is on its way back keeps whoever comes waiting: then the first connection is missed like a later one. */
const FIRST_WITHIN_MS = 4_000;
const RETRIED_AFTER_MS = [1_000, 2_000, 5_000, 10_000];

let client: ConvexReactClient | null = null;

/** `url` is empty for the deployment below the page's own origin. */
export function connect(api: Api, url: string): ConvexReactClient {
  client ??= open(api, url || `${window.location.origin}/convex`);
  return client;
}

function open(api: Api, url: string): ConvexReactClient {
  // What is written waits on this device (features/chat/composing), so leaving loses nothing and nobody is asked.
  const opened = new ConvexReactClient(url, { unsavedChangesWarning: false, logger: false });
  opened.setAuth(() => fetchToken(api));
  let isLate = false;
  const tell = ({ isWebSocketConnected, hasEverConnected, connectionRetries }: ConnectionState) => {
    if (isWebSocketConnected) tellConnection("open");
    else tellConnection(hasEverConnected || connectionRetries > 1 || isLate ? "lost" : "connecting");
  };
  opened.subscribeToConnectionState(tell);
  setTimeout(() => {
    isLate = true;
    tell(opened.connectionState());
  }, FIRST_WITHIN_MS);
  return opened;
}

/** Null when the session is over. As long as the auth service can't be reached, it is asked again. */
async function fetchToken(api: Api): Promise<string | null> {
  for (let failures = 0; ; failures++) {
    try {
      return (await read(api.auth.POST("/api/auth/realtime-token"))).token;
    } catch (error) {
      if (!(error instanceof ApiProblem) || !error.isPassing) return null;
      const wait = RETRIED_AFTER_MS[Math.min(failures, RETRIED_AFTER_MS.length - 1)];
      await new Promise((done) => setTimeout(done, wait));
    }
  }
}
