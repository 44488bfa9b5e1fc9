import { expect, test } from "vitest";

import { api, internal } from "../_generated/api";
import type { TableNames } from "../_generated/dataModel";
import schema from "../schema";
import { refusal, stage } from "./stage.setup";
import { talk } from "./talk.setup";

const TABLES = Object.keys(schema.tables) as TableNames[];
// A schedule takes these away, whoever's they are.
const PASSING: TableNames[] = ["typing", "cursors"];

async function busy() {
  const garden = await talk();
  const { ann, ben, mo, thread_id } = garden;
  const message_id = await ann.mutation(api.messages.send, { thread_id, text: "Mind the tulips" });
  const tag_id = await mo.mutation(api.tags.create, { group: "topic", name: "Beds" });
  await ann.mutation(api.tags.set, { message_id, tag_ids: [tag_id] });
  await ben.mutation(api.reads.mark, { thread_id, number: 1 });
  await ben.mutation(api.typing.set, { thread_id });
  return garden;
}

async function countAll(organization_id: string, but: TableNames[] = []) {
  const found: Record<string, number> = {};
  for (const table of TABLES.filter((each) => !but.includes(each))) {
    found[table] = (await stage.rows(organization_id, table)).length;
  }
  return found;
}

async function eraseAll(organization_id: string) {
  while (await stage.operator.mutation(internal.erasing.some, { organization_id })) {
    // until nothing is left
  }
}

test("of an organization that is erased nothing is left but ended sessions, and of another one everything", async () => {
  const [mine, theirs] = [await busy(), await busy()];
  const expires_at = Date.now() + 600_000;
  const ended = { user_id: mine.ann.user_id, session_id: mine.ann.sid, began_until: null, expires_at, event: 9 };
  await stage.operator.mutation(internal.mirror.revoke, { organization_id: mine.organization_id, ...ended });
  const before = await countAll(theirs.organization_id, PASSING);
  expect((await countAll(mine.organization_id)).messages).toBe(1);
  await eraseAll(mine.organization_id);
  const left = await countAll(mine.organization_id);
  expect(Object.entries(left).filter(([, count]) => count > 0)).toEqual([["revocations", 1]]);
  expect(await countAll(theirs.organization_id, PASSING)).toEqual(before);
  const send = mine.ann.mutation(api.messages.send, { thread_id: mine.thread_id, text: "Still here?" });
  expect(await refusal(send)).toBe("session_ended");
});
