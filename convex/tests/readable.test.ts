import { expect, test } from "vitest";

import type { Role } from "../access";
import { api } from "../_generated/api";
import { mayChange } from "../readable";
import { refusal, stage, type Player } from "./stage.setup";
import { closedTalk, texts } from "./talk.setup";

type Row = Parameters<typeof stage.post>[1];

// Who may open a post's thread: as the policies of 012_sharing.sql and 027_editors.sql have who reads the post.
const POSTS: [string, Row, Record<"author" | "editor" | "reader" | "member" | "moderator", boolean>][] = [
  ["published to all", {}, { author: true, editor: true, reader: true, member: true, moderator: true }],
  ["a draft", { status: "draft" }, { author: true, editor: true, reader: false, member: false, moderator: false }],
  ["archived", { status: "archived" }, { author: true, editor: true, reader: false, member: false, moderator: true }],
  [
    "in the trash",
    { status: "trashed", trashed_from: "published" },
    { author: true, editor: false, reader: false, member: false, moderator: true },
  ],
  [
    "a draft in the trash",
    { status: "trashed", trashed_from: "draft" },
    { author: true, editor: false, reader: false, member: false, moderator: false },
  ],
  [
    "for named people",
    { visibility: "people" },
    { author: true, editor: true, reader: true, member: false, moderator: false },
  ],
  [
    "a draft for named people",
    { visibility: "people", status: "draft" },
    { author: true, editor: true, reader: false, member: false, moderator: false },
  ],
  [
    "its author's alone",
    { visibility: "author" },
    { author: true, editor: true, reader: false, member: false, moderator: false },
  ],
];

test.each(POSTS)("a post that is %s is opened by those who may read it", async (_what, row, may) => {
  const organization_id = stage.organization();
  const people: Record<keyof typeof may, Player> = {
    author: await stage.person(organization_id),
    editor: await stage.person(organization_id),
    reader: await stage.person(organization_id),
    member: await stage.person(organization_id),
    moderator: await stage.person(organization_id, "moderator"),
  };
  const post_id = await stage.post(people.author, {
    readers: [people.reader.user_id],
    editors: [people.editor.user_id],
    ...row,
  });
  for (const [who, person] of Object.entries(people)) {
    const opened = person.mutation(api.threads.forPost, { post_id });
    if (may[who as keyof typeof may]) {
      await opened;
    } else {
      expect(await refusal(opened), who).toBe("not_found");
    }
  }
});

test("a post is changed by its author and editors, and by moderators once all were shown it", () => {
  const post = { user_id: "ann", status: "published", trashed_from: null, visibility: "organization", editors: ["ed"] };
  const may = (user_id: string, role: Role, changes: object) =>
    mayChange({ ...post, ...changes } as never, { user_id, role });
  expect(may("ann", "guest", { status: "draft", visibility: "author" })).toBe(true);
  expect(may("ben", "member", {})).toBe(false);
  expect(may("ed", "guest", { status: "draft", visibility: "author" })).toBe(true);
  expect(may("ed", "member", { status: "trashed", trashed_from: "draft" })).toBe(false);
  expect(may("mo", "moderator", {})).toBe(true);
  expect(may("mo", "admin", { status: "archived" })).toBe(true);
  expect(may("mo", "admin", { status: "draft" })).toBe(false);
  expect(may("mo", "admin", { status: "trashed", trashed_from: "draft" })).toBe(false);
  expect(may("mo", "admin", { visibility: "people" })).toBe(false);
});

test("who is no longer a reader of the post is out of its thread at once", async () => {
  const { organization_id, ann, ben, thread_id } = await closedTalk();
  await ann.mutation(api.messages.send, { thread_id, text: "Between us" });
  expect(await texts(ben, thread_id)).toEqual(["Between us"]);
  const [post] = await stage.rows(organization_id, "posts");
  await stage.change(organization_id, "posts", post!._id, { readers: [] });
  expect(await refusal(texts(ben, thread_id))).toBe("not_found");
});

test("a role that was taken away counts before the token that still says it", async () => {
  const { organization_id, ann, mo } = await closedTalk();
  const post_id = await stage.post(ann, { status: "archived" });
  await mo.mutation(api.threads.forPost, { post_id });
  const row = (await stage.rows(organization_id, "members")).find((each) => each.user_id === mo.user_id);
  await stage.change(organization_id, "members", row!._id, { role: "member" });
  expect(await refusal(mo.mutation(api.threads.forPost, { post_id }))).toBe("not_found");
  await stage.change(organization_id, "members", row!._id, { is_active: false });
  expect(await refusal(mo.mutation(api.threads.forPost, { post_id }))).toBe("session_ended");
});
