import { expect, test } from "vitest";

import { postsPath, readFilters, withFilter, withoutFilter } from "./filters";

const author = "0193b0a4-7f00-7000-8000-000000000001";

test("filters are read from the address and written to it", () => {
  const filters = { status: "draft", category: "a&b", author } as const;
  const path = postsPath(filters);
  expect(readFilters(new URLSearchParams(path.split("?")[1]))).toEqual(filters);
  expect(withoutFilter(filters, "category")).toBe(`/posts?status=draft&author=${author}`);
  expect(withFilter({}, { category: "core" })).toBe("/posts?category=core");
  expect(withoutFilter({ status: "draft" }, "status")).toBe("/posts");
});

test("what is unread has no status", () => {
  expect(readFilters(new URLSearchParams("unread=true&status=draft&category=core"))).toEqual({
    unread: true,
    category: "core",
  });
  expect(withFilter({ unread: true }, { category: "core" })).toBe("/posts?unread=true&category=core");
  expect(withFilter({ unread: true }, { status: "archived" })).toBe("/posts?status=archived");
});

test("what can't be a filter is left out", () => {
  expect(readFilters(new URLSearchParams("status=secret&author=me&category=&page=3&unread=yes"))).toEqual({});
});
