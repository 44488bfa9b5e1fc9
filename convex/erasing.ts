// An organization that is deleted leaves nothing here but the ends of its sessions, which go by themselves once no token
// of theirs is good any more.
import { v } from "convex/values";

import { organizationMutation } from "./access";
import type { OrganizationWriter } from "./database";

const ERASED_AT_ONCE = 500;

const PLACES = [
  ["outgoing", "by_entity"],
  ["typing", "by_thread_and_user"],
  ["heartbeats", "by_user_and_device"],
  ["presence", "by_user"],
  ["cursors", "by_document_and_client"],
  ["document_updates", "by_document_and_number"],
  ["document_snapshots", "by_document"],
  ["document_states", "by_document"],
  ["documents", "by_post"],
  ["message_tags", "by_message"],
  ["tags", "by_group_and_name"],
  ["reads", "by_thread"],
  ["messages", "by_thread_and_number"],
  ["thread_counts", "by_thread"],
  ["threads", "by_kind_and_name"],
  ["notifications", "by_notification"],
  ["posts", "by_post"],
  ["members", "by_user"],
  ["departures", "by_kind_and_id"],
  ["organizations", "by_organization"],
] as const;

/** Some of it; whether there may be more. */
export const some = organizationMutation({
  args: {},
  returns: v.boolean(),
  handler: async ({ db }) => {
    for (const [table, index] of PLACES) {
      if (await eraseSome(db, table, index)) {
        return true;
      }
    }
    return false;
  },
});

async function eraseSome(db: OrganizationWriter, table: (typeof PLACES)[number][0], index: string): Promise<boolean> {
  const rows = await db.range(table, index as never).take(ERASED_AT_ONCE);
  for (const row of rows) {
    await db.delete(table, row._id as never);
  }
  return rows.length > 0;
}
