import type { Me, Post } from "@dfworx/api";
import { describe, expect, it } from "vitest";

import { mayDecide, mayWrite } from "./rights";

const person = (user_id: string, role: Me["role"] = "member") => ({ user_id, role }) as Me;
const post = {
  author: { user_id: "ann", name: "Ann", avatar_url: null },
  status: "published",
  visibility: "author",
  editors: [{ user_id: "ben", name: "Ben" }],
} as Pick<Post, "author" | "status" | "visibility" | "editors">;
const rights = (what: typeof post, me: Me) => [mayWrite(what, me), mayDecide(what, me)];

describe("who writes a post", () => {
  it("is its author, who also decides", () => expect(rights(post, person("ann"))).toEqual([true, true]));

  it("is an editor, who decides nothing, a guest and an admin too", () => {
    for (const role of ["member", "guest", "admin"] as const) {
      expect(rights(post, person("ben", role))).toEqual([true, false]);
    }
  });

  it("is a moderator where everybody reads it", () => {
    expect(rights({ ...post, visibility: "organization" }, person("dora", "moderator"))).toEqual([true, true]);
    expect(rights(post, person("dora", "moderator"))).toEqual([false, false]);
    const draft = { ...post, visibility: "organization", status: "draft" } as const;
    expect(rights(draft, person("dora", "moderator"))).toEqual([false, false]);
    expect(rights(draft, person("ben", "moderator"))).toEqual([true, false]);
  });

  it("is nobody else", () => {
    expect(rights({ ...post, visibility: "organization" }, person("dora"))).toEqual([false, false]);
  });

  it("is anybody but a guest, of a new one", () => {
    expect(mayWrite(null, person("ann"))).toBe(true);
    expect(mayWrite(null, person("ann", "guest"))).toBe(false);
  });
});
