import { expect, test } from "vitest";

import { api, internal } from "../_generated/api";
import { refusal, stage } from "./stage.setup";

test("a person's organization and role are those of their token", async () => {
  const organization_id = stage.organization();
  const ann = await stage.person(organization_id, "moderator");
  expect(await ann.query(api.session.current)).toEqual({ organization_id, role: "moderator" });
});

test("who is signed out has no session and is told to sign in", async () => {
  expect(await stage.nobody().query(api.session.current)).toBeNull();
  expect(await refusal(stage.operator.query(internal.session.person, {}))).toBe("signed_out");
});

test("a session that was ended is over, and the person's others go on", async () => {
  const ann = await stage.person(stage.organization());
  await stage.plant(ann.organization_id, "revocations", {
    ...{ user_id: ann.user_id, session_id: ann.sid, began_until: null, expires_at: Date.now() + 600_000, event: 2 },
  });
  expect(await ann.query(api.session.current)).toBeNull();
  const ben = await stage.person(ann.organization_id);
  expect(await ben.query(api.session.current)).not.toBeNull();
});
