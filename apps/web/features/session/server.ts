/**
 * Reading for a page on the server, as the person whose access cookie came with the request. Straight to the
 * services: through the gateway it would be a second round trip. Only reading: cookies aren't enough to write.
 */
import "server-only";

import { createApi, type Api, ApiProblem } from "@dfworx/api";
import { dehydrate, QueryClient, type DehydratedState } from "@tanstack/react-query";
import { cookies, headers } from "next/headers";
import { cache } from "react";

import { serviceUrl } from "@/env";

import { ACCESS_COOKIE } from "@dfworx/api/doors";

const SECONDS_TO_ANSWER = 10;

/** Null without an access cookie: it has run out, and the browser gets a new one. */
export const serverApi = cache(async (): Promise<Api | null> => {
  const token = (await cookies()).get(ACCESS_COOKIE)?.value;
  if (!token) return null;
  const address = (await headers()).get("x-forwarded-for");
  return createApi({
    auth: serviceUrl("auth"),
    web: serviceUrl("web"),
    admin: serviceUrl("admin"),
    fetch: (request) => {
      request.headers.set("Authorization", `Bearer ${token}`);
      // So that limits count against the person's machine, and logs name it.
      if (address) request.headers.set("X-Forwarded-For", address);
      return fetch(request, { cache: "no-store", signal: AbortSignal.timeout(SECONDS_TO_ANSWER * 1000) });
    },
  });
});

/** What `act` reads, or "signed-out" when there is no token that holds; other problems are thrown. */
export async function readAsCaller<T>(act: (api: Api) => Promise<T>): Promise<T | "signed-out"> {
  const api = await serverApi();
  if (!api) return "signed-out";
  try {
    return await act(api);
  } catch (error) {
    if (error instanceof ApiProblem && error.isSignedOut) return "signed-out";
    throw error;
  }
}

/** Asks ahead, so that the page comes with what it shows. What can't be read now the browser asks for itself. */
export async function prefetch(ask: (queries: QueryClient, api: Api) => Promise<unknown>): Promise<DehydratedState> {
  // One each: nothing that one person reads may be there for the next.
  const queries = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const api = await serverApi();
  if (api) await ask(queries, api);
  return dehydrate(queries);
}
