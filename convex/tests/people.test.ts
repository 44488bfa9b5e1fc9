// What the mirror tells of members and of a person's own notifications.
import { expect, test } from "vitest";

import { api } from "../_generated/api";
import { refusal, stage, type Player } from "./stage.setup";
import { talk } from "./talk.setup";

function notify(person: Player, created_at: number, is_read = false) {
  return stage.plant(person.organization_id, "notifications", {
    user_id: person.user_id,
    notification_id: crypto.randomUUID(),
    kind: "mention",
    actor_id: null,
    post_id: null,
    comment_id: null,
    thread_id: null,
    message_id: null,
    created_at,
    is_read,
    event: 1,
  });
}

test("members are listed with those who have left, and without anything private", async () => {
  const { organization_id, ann, ben } = await talk();
  const row = (await stage.rows(organization_id, "members")).find((each) => each.user_id === ben.user_id);
  await stage.change(organization_id, "members", row!._id, { is_active: false });
  const members = await ann.query(api.members.list);
  expect(members).toHaveLength(4);
  expect(members).toContainEqual({
    user_id: ben.user_id,
    name: "Ben Birch",
    avatar_url: null,
    role: "member",
    is_active: false,
  });
});

test("a person gets their own newest notifications and how many are unread", async () => {
  const { ann, ben } = await talk();
  for (let n = 1; n <= 22; n += 1) {
    await notify(ann, n, n > 20);
  }
  await notify(ben, 1);
  const { unread, latest } = await ann.query(api.notifications.live);
  expect(unread).toBe(20);
  expect(latest.map((each) => each.created_at)).toEqual(Array.from({ length: 20 }, (_, n) => 22 - n));
  expect((await ben.query(api.notifications.live)).latest).toHaveLength(1);
});

test("people are named by their ids, once each, and at most two hundred", async () => {
  const { ann, ben } = await talk();
  const asked = [ben.user_id, "nobody", ann.user_id, ben.user_id];
  const found = await ann.query(api.members.named, { user_ids: asked });
  expect(found.map((each) => each.name)).toEqual(["Ben Birch", "Ann Ash"]);
  const many = Array.from({ length: 201 }, (_, n) => String(n));
  expect(await refusal(ann.query(api.members.named, { user_ids: many }))).toBe("invalid");
});
