import { expect, test } from "vitest";

import { merged, reversed } from "./merging";

const before = {
  digest: "weekly",
  language: null as string | null,
  notifications: { reply: { in_app: true, mail: true }, comment: { in_app: true, mail: false } },
};

test("only what is given changes, at any depth", () => {
  const changes = { notifications: { reply: { mail: false } } };
  expect(merged(before, changes)).toEqual({
    ...before,
    notifications: { ...before.notifications, reply: { in_app: true, mail: false } },
  });
  expect(before.notifications.reply.mail).toBe(true);
});

test("what is reversed leaves what others changed meanwhile", () => {
  const changes = { language: "de", notifications: { reply: { mail: false } } };
  const since = merged(merged(before, changes), { notifications: { comment: { mail: true } } });
  expect(merged(since, reversed(before, changes))).toEqual(
    merged(before, { notifications: { comment: { mail: true } } }),
  );
});
