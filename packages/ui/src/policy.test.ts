import { expect, test } from "vitest";

import { contentSecurityPolicy } from "./policy";

test("scripts need the nonce, and nothing may be evaluated, framed, embedded or sent elsewhere", () => {
  const policy = new Map(
    contentSecurityPolicy("abc", false)
      .split("; ")
      .map((each) => [each.split(" ")[0], each.split(" ").slice(1).join(" ")]),
  );
  expect(policy.get("script-src")).toBe("'self' 'nonce-abc' 'strict-dynamic'");
  expect(policy.get("style-src")).toBe("'self' 'nonce-abc'");
  expect(policy.get("connect-src")).toBe("'self'");
  for (const name of ["object-src", "base-uri", "frame-ancestors"]) expect(policy.get(name)).toBe("'none'");
  expect(contentSecurityPolicy("abc", false)).not.toContain("unsafe-eval");
});

test("a Convex deployment outside is the one other place that pages speak to", () => {
  const policy = contentSecurityPolicy("abc", false, "https://happy-animal-123.convex.cloud");
  expect(policy).toContain(
    "connect-src 'self' https://happy-animal-123.convex.cloud wss://happy-animal-123.convex.cloud;",
  );
});
