import type { Notification } from "@dfworx/api";
import { expect, it } from "vitest";

import { actorsOf, groupNotifications } from "./group";

let made = 0;

function told(change: Partial<Notification> & { by?: string; about?: string }): Notification {
  const { by = "Ines", about = "p1", ...rest } = change;
  made += 1;
  return {
    notification_id: `n${made}`,
    kind: "comment",
    actor: { user_id: by, name: by, avatar_url: null },
    post: { post_id: about, title: about, slug: about },
    comment: { comment_id: `c${made}`, excerpt: "" },
    message: null,
    read_at: null,
    created_at: "2026-11-23T10:00:00Z",
    ...rest,
  };
}

const byDay = (at: string) => at.slice(0, 10);

it("tells comments on one post in one row, by each person once", () => {
  const list = [told({ by: "Tomás" }), told({ about: "p2" }), told({ by: "Ines" }), told({ by: "Tomás" })];
  const [section] = groupNotifications(list, byDay);
  expect(section?.told.map((row) => row.all.length)).toEqual([3, 1]);
  expect(section?.told[0] && actorsOf(section.told[0]).map((each) => each.name)).toEqual(["Tomás", "Ines"]);
});

it("keeps apart what is read, another day, and what is said to oneself", () => {
  const list = [
    told({}),
    told({ kind: "mention" }),
    told({ kind: "mention" }),
    told({ read_at: "2026-11-23T11:00:00Z" }),
    told({ created_at: "2026-11-22T10:00:00Z" }),
  ];
  const sections = groupNotifications(list, byDay);
  expect(sections.map((section) => section.told.length)).toEqual([4, 1]);
});
