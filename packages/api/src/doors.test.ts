import { expect, test } from "vitest";

import { isOpenToAll, mayBeSignedIn, safeNext, signInPath } from "./doors";

test.each([
  "/posts",
  "/posts/eip-4844",
  "/posts?category=core&status=draft",
  "/posts/eip-4844#abstract",
  "/posts/%E7%94%B0",
])("%s is a page to go on to", (next) => {
  expect(safeNext(next)).toBe(next);
});

test.each([
  null,
  undefined,
  "",
  "posts",
  "https://evil.example",
  "//evil.example",
  "///evil.example",
  "/\\evil.example",
  "\\\\evil.example",
  "/\t/evil.example",
  "/\n/evil.example",
  "/posts\\..\\..",
  "javascript:alert(1)",
  " https://evil.example",
  "/.//evil.example",
  "/posts/..//evil.example",
  "/sign-in",
  "/sign-in?next=/posts",
  "/sign-up",
])("%j leads home and nowhere else", (next) => {
  const home = safeNext(next);
  expect(new URL(home, "http://here.example").origin).toBe("http://here.example");
  expect(home).toBe("/posts");
});

test("who signs in comes back to where they were", () => {
  const asked = "/posts?category=a b&status=draft";
  const next = new URL(signInPath(asked), "http://here.example").searchParams.get("next");
  expect(next).toBe(asked);
  expect(signInPath("/")).toBe("/sign-in");
});

test("a hint or a token makes it worth asking", () => {
  const holding = (...names: string[]) => ({ has: (name: string) => names.includes(name) });
  expect(mayBeSignedIn(holding())).toBe(false);
  expect(mayBeSignedIn(holding("dfworx_access"))).toBe(true);
  expect(mayBeSignedIn(holding("dfworx_signed_in"))).toBe(true);
  expect(isOpenToAll("/sign-in")).toBe(true);
  expect(isOpenToAll("/posts")).toBe(false);
});
