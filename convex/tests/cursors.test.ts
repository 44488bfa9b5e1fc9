import { expect, test } from "vitest";

import { api, internal } from "../_generated/api";
import { documentOf, wholeOf } from "../texts";
import { refusal, stage } from "./stage.setup";

async function opened() {
  const ann = await stage.person(stage.organization(), "member");
  const ben = await stage.person(ann.organization_id, "member", "Ben Bay");
  const post_id = await stage.post(ann);
  const { document_id } = await stage.operator.mutation(internal.saving.make, {
    ...{ organization_id: ann.organization_id, post_id, version: 1, snapshot: wholeOf(documentOf("One.")) },
  });
  return { ann, ben, document_id, organization_id: ann.organization_id };
}

test("all who may read a text see where the others are, until they go", async () => {
  const { ann, ben, document_id } = await opened();
  await ann.mutation(api.cursors.point, { document_id, client: 7, state: "one" });
  await ben.mutation(api.cursors.point, { document_id, client: 8, state: "two" });
  await ann.mutation(api.cursors.point, { document_id, client: 7, state: "three" });
  expect(await ben.query(api.cursors.list, { document_id })).toEqual([
    { user_id: ann.user_id, client: 7, state: "three" },
    { user_id: ben.user_id, client: 8, state: "two" },
  ]);
  await ann.mutation(api.cursors.point, { document_id, client: 7, state: null });
  expect(await ben.query(api.cursors.list, { document_id })).toHaveLength(1);
});

test("nobody moves another's cursor", async () => {
  const { ann, ben, document_id } = await opened();
  await ann.mutation(api.cursors.point, { document_id, client: 7, state: "one" });
  expect(await refusal(ben.mutation(api.cursors.point, { document_id, client: 7, state: "mine" }))).toBe("conflict");
  expect(await refusal(ben.mutation(api.cursors.point, { document_id, client: 7, state: null }))).toBe("conflict");
});

test("one person has so many cursors in a text and no more, of so many characters", async () => {
  const { ann, document_id } = await opened();
  for (let client = 0; client < 10; client++) {
    await ann.mutation(api.cursors.point, { document_id, client, state: "x" });
  }
  expect(await refusal(ann.mutation(api.cursors.point, { document_id, client: 10, state: "x" }))).toBe("conflict");
  const long = ann.mutation(api.cursors.point, { document_id, client: 1, state: "x".repeat(2_001) });
  expect(await refusal(long)).toBe("invalid");
});

test("a cursor that is pointed stays, and one that isn't ends", async () => {
  const { ann, document_id, organization_id } = await opened();
  await ann.mutation(api.cursors.point, { document_id, client: 7, state: "one" });
  const [cursor] = await stage.rows(organization_id, "cursors");
  await stage.operator.mutation(internal.cursors.end, { organization_id, cursor_id: cursor!._id });
  expect(await stage.rows(organization_id, "cursors")).toHaveLength(1);
  await stage.change(organization_id, "cursors", cursor!._id, { until: Date.now() - 1 });
  const elsewhere = { organization_id: stage.organization(), cursor_id: cursor!._id };
  await stage.operator.mutation(internal.cursors.end, elsewhere);
  expect(await stage.rows(organization_id, "cursors")).toHaveLength(1);
  await stage.operator.mutation(internal.cursors.end, { organization_id, cursor_id: cursor!._id });
  expect(await stage.rows(organization_id, "cursors")).toEqual([]);
});
