import type { OrganizationWriter } from "./database";

type Message = { user_id: string; kind: "message" | "presence"; entity_id: string; payload: unknown };

/** What the web service must hear of, once this mutation holds; of one entity only the newest. */
export async function send(ctx: { db: OrganizationWriter }, { kind, entity_id, ...message }: Message): Promise<void> {
  const found = await ctx.db
    .range("outgoing", "by_entity", (q) => q.eq("kind", kind).eq("entity_id", entity_id))
    .unique();
  const row = { ...message, attempts: 0, due_at: Date.now() };
  if (found === null) {
    await ctx.db.insert("outgoing", { kind, entity_id, ...row });
  } else {
    await ctx.db.patch("outgoing", found._id, row);
  }
}
