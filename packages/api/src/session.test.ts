import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { ApiProblem, createApi, read } from "./index";
import { sessionFetch } from "./session";

const ORIGIN = "http://here.example";
/** The cookies and the memory of a browser, as far as a session needs them. */
let jar: string[];
let asked: { path: string; method: string; key: string | null; body: string }[];
let token: "good" | "run out" | "over";

function problem(status: number, code: string): Response {
  const body = JSON.stringify({ status, code, detail: "Told.", request_id: "r1" });
  return new Response(body, { status, headers: { "Content-Type": "application/problem+json" } });
}

beforeEach(() => {
  jar = [];
  asked = [];
  token = "good";
  const kept = new Map<string, string>();
  vi.stubGlobal("document", {
    set cookie(written: string) {
      jar.push(written);
    },
  });
  vi.stubGlobal("localStorage", {
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => kept.set(name, value),
  });
  vi.stubGlobal(
    "Request",
    class extends Request {
      constructor(input: RequestInfo | URL, init?: RequestInit) {
        super(typeof input === "string" ? new URL(input, ORIGIN) : input, init);
      }
    },
  );
  vi.stubGlobal("fetch", async (request: Request) => {
    const path = new URL(request.url).pathname;
    asked.push({
      path,
      method: request.method,
      key: request.headers.get("Idempotency-Key"),
      body: await request.text(),
    });
    if (path === "/api/auth/refresh") {
      if (token === "over") return problem(401, "invalid_refresh_token");
      token = "good";
      return Response.json({});
    }
    if (path === "/api/auth/login") return problem(401, "invalid_credentials");
    return token === "good" ? Response.json({ items: [] }) : problem(401, "unauthenticated");
  });
});

afterEach(() => vi.unstubAllGlobals());

const api = () => createApi({ auth: ORIGIN, web: ORIGIN, admin: ORIGIN, fetch: sessionFetch });
const paths = () => asked.map((each) => each.path);

test("an access token that has run out is made anew once, whoever asks meanwhile", async () => {
  token = "run out";
  const { web } = api();
  await Promise.all([read(web.GET("/api/web/categories")), read(web.GET("/api/web/posts"))]);
  expect(paths().filter((path) => path === "/api/auth/refresh")).toHaveLength(1);
  expect(paths()).toHaveLength(5);
  expect(jar.at(-1)).toContain("dfworx_signed_in=1");
});

test("a write that is sent again is the same write", async () => {
  token = "run out";
  await read(api().web.POST("/api/web/posts", { body: { title: "A", content: "b" } }));
  const writes = asked.filter((each) => each.path === "/api/web/posts");
  expect(writes).toHaveLength(2);
  expect(writes[0]).toEqual(writes[1]);
  expect(writes[0]?.key).toMatch(/^[0-9a-f]{32}$/);
});

test("when the session is over, that is what the caller is told", async () => {
  token = "over";
  const refused = await read(api().web.GET("/api/web/posts")).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(ApiProblem);
  expect((refused as ApiProblem).isSignedOut).toBe(true);
  expect(jar.at(-1)).toContain("max-age=0");
});

test("a wrong password is an answer, and no reason to refresh", async () => {
  const body = { email: "a@b.example", password: "x", session: "cookie" as const };
  const refused = await read(api().auth.POST("/api/auth/login", { body })).catch((error: unknown) => error);
  expect(refused).toMatchObject({ status: 401, code: "invalid_credentials", requestId: "r1" });
  expect(paths()).toEqual(["/api/auth/login"]);
});

test("a server that can't be reached is a problem like others", async () => {
  vi.stubGlobal("fetch", () => Promise.reject(new TypeError("failed to fetch")));
  const refused = await read(api().web.GET("/api/web/posts")).catch((error: unknown) => error);
  expect(refused).toMatchObject({ status: 0, code: "unreachable", isPassing: true });
});
