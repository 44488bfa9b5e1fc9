/**
 * The one door between an app and the services: typed REST clients and the types behind them. Apps import from
 * here and never from a generated file, so that a change of generator stays in this folder.
 */
import createClient, { type Client } from "openapi-fetch";

import type * as auth from "./auth.gen";
import type * as web from "./web.gen";

export type { Database, Json } from "./database.gen";

/** Wire shapes by name, such as `AuthSchemas["User"]` and `WebSchemas["Post"]`. */
export type AuthSchemas = auth.components["schemas"];
export type WebSchemas = web.components["schemas"];

export interface ApiOptions {
  /** Where the gateway answers, without a trailing slash; the empty string in a browser on the same origin. */
  origin: string;
  /** Asked before each request, so that a refreshed token is used at once; null when nobody is signed in. */
  token?: () => string | null | Promise<string | null>;
  /** Another `fetch`, for a server or a test. */
  fetch?: (request: Request) => Promise<Response>;
}

export interface Api {
  auth: Client<auth.paths>;
  web: Client<web.paths>;
}

export function createApi({ origin, token, fetch }: ApiOptions): Api {
  const options = {
    baseUrl: origin,
    // Cookies carry the session in a browser; the services refuse them from another origin.
    credentials: "same-origin" as const,
    ...(fetch && { fetch }),
  };
  const api: Api = { auth: createClient<auth.paths>(options), web: createClient<web.paths>(options) };
  if (token) {
    for (const client of [api.auth, api.web]) {
      client.use({
        async onRequest({ request }) {
          const value = await token();
          if (value) request.headers.set("Authorization", `Bearer ${value}`);
          return request;
        },
      });
    }
  }
  return api;
}
