import createClient, { type Client } from "openapi-fetch";

import type * as admin from "./admin.gen";
import type * as auth from "./auth.gen";
import { ApiProblem } from "./problem";
import type * as web from "./web.gen";

export interface ApiOptions {
  /** Where the services answer, without a trailing slash; the empty string is the page's own origin. */
  auth: string;
  web: string;
  admin: string;
  /** Another `fetch`: the browser's with a session, or a server's with somebody's token. */
  fetch: (request: Request) => Promise<Response>;
}

export interface Api {
  auth: Client<auth.paths>;
  web: Client<web.paths>;
  admin: Client<admin.paths>;
}

export function createApi({ auth, web, admin, fetch }: ApiOptions): Api {
  const api: Api = {
    auth: createClient<auth.paths>({ baseUrl: auth, fetch }),
    web: createClient<web.paths>({ baseUrl: web, fetch }),
    admin: createClient<admin.paths>({ baseUrl: admin, fetch }),
  };
  for (const client of [api.auth, api.web, api.admin]) {
    client.use({
      onRequest({ request }) {
        // A write that is sent again, by us or by a person, is done once: docs/decisions/idempotency.md.
        if (request.method !== "GET" && !request.headers.has("Idempotency-Key"))
          request.headers.set("Idempotency-Key", newIdempotencyKey());
        return request;
      },
    });
  }
  return api;
}

interface Answer<T> {
  data?: T | undefined;
  error?: unknown;
  response: Response;
}

/** What a call answers, or an ApiProblem thrown. */
export async function read<T>(call: Promise<Answer<T>>): Promise<T> {
  let answer: Answer<T>;
  try {
    answer = await call;
  } catch (error) {
    if (error instanceof ApiProblem) throw error;
    throw ApiProblem.unreachable(error);
  }
  if (!answer.response.ok) throw ApiProblem.from(answer.response, answer.error);
  return answer.data as T;
}

/** For a write that is done once, however often it is sent. */
export function newIdempotencyKey(): string {
  // randomUUID is missing where a page came over plain http from another machine.
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
