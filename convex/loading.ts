// A whole document for an action, in as many reads as it takes.
import type { GenericActionCtx } from "convex/server";
import { v } from "convex/values";

import { internal } from "./_generated/api";
import type { DataModel, Doc, Id } from "./_generated/dataModel";
import { organizationQuery } from "./access";
import { notFound } from "./refusal";
import { nullable } from "./shapes";

const READ_BYTES = 4_000_000;
const READ_UPDATES = 1_000;

export type State = Pick<
  Doc<"document_states">,
  "updates" | "snapshot" | "bytes" | "version" | "written" | "outside" | "attempts" | "changed_by" | "due_at"
>;
export type Loaded = {
  post_id: string;
  author_id: string | null;
  state: State;
  /** The snapshot, and the updates behind it without a gap. */
  snapshot: ArrayBuffer | null;
  updates: ArrayBuffer[];
};

const state = v.object({
  updates: v.number(),
  snapshot: v.number(),
  bytes: v.number(),
  version: v.number(),
  written: v.number(),
  outside: v.array(v.number()),
  attempts: v.array(v.number()),
  changed_by: nullable(v.string()),
  due_at: nullable(v.number()),
});

export const begin = organizationQuery({
  args: { document_id: v.id("documents") },
  returns: v.object({
    post_id: v.string(),
    author_id: nullable(v.string()),
    state,
    snapshot: nullable(v.bytes()),
    updates: v.array(v.bytes()),
  }),
  handler: async ({ db }, { document_id }) => {
    const document = await db.get("documents", document_id);
    const kept = await db.range("document_states", "by_document", (q) => q.eq("document_id", document_id)).unique();
    if (document === null || kept === null) {
      throw notFound("document");
    }
    const { post_id } = document;
    const post = await db.range("posts", "by_post", (q) => q.eq("post_id", post_id)).unique();
    const parts = await db
      .range("document_snapshots", "by_document", (q) => q.eq("document_id", document_id))
      .collect();
    const rows = db.range("document_updates", "by_document_and_number", (q) =>
      q.eq("document_id", document_id).gt("number", kept.snapshot),
    );
    const { updates, snapshot, bytes, version, written, outside, attempts, changed_by, due_at } = kept;
    return {
      post_id,
      author_id: post?.user_id ?? null,
      state: { updates, snapshot, bytes, version, written, outside, attempts, changed_by, due_at },
      snapshot: parts.length === 0 ? null : join(parts.map((each) => each.bytes)),
      updates: await takeBytes(rows, READ_BYTES, READ_UPDATES),
    };
  },
});

/** Further updates; none when a newer snapshot has taken their place. */
export const goOn = organizationQuery({
  args: { document_id: v.id("documents"), first: v.number() },
  returns: v.array(v.bytes()),
  handler: async ({ db }, { document_id, first }) => {
    const document = await db.get("documents", document_id);
    if (document === null || first < document.kept_from) {
      return [];
    }
    const rows = db.range("document_updates", "by_document_and_number", (q) =>
      q.eq("document_id", document_id).gte("number", first),
    );
    return await takeBytes(rows, READ_BYTES, READ_UPDATES);
  },
});

export async function loadDocument(
  ctx: Pick<GenericActionCtx<DataModel>, "runQuery">,
  organization_id: string,
  document_id: Id<"documents">,
): Promise<Loaded> {
  for (;;) {
    const loaded: Loaded = await ctx.runQuery(internal.loading.begin, { organization_id, document_id });
    const wanted = loaded.state.updates - loaded.state.snapshot;
    while (loaded.updates.length < wanted) {
      const first = loaded.state.snapshot + loaded.updates.length + 1;
      const more = await ctx.runQuery(internal.loading.goOn, { organization_id, document_id, first });
      if (more.length === 0) {
        break;
      }
      loaded.updates.push(...more.slice(0, wanted - loaded.updates.length));
    }
    if (loaded.updates.length === wanted) {
      return loaded;
    }
  }
}

/** At least one, if there is one. */
export async function takeBytes(
  rows: AsyncIterable<{ update: ArrayBuffer }>,
  limit: number,
  most = Infinity,
): Promise<ArrayBuffer[]> {
  const taken: ArrayBuffer[] = [];
  let bytes = 0;
  for await (const { update } of rows) {
    bytes += update.byteLength;
    if (taken.length > 0 && (bytes > limit || taken.length >= most)) {
      break;
    }
    taken.push(update);
  }
  return taken;
}

function join(parts: readonly ArrayBuffer[]): ArrayBuffer {
  const whole = new Uint8Array(parts.reduce((sum, each) => sum + each.byteLength, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(new Uint8Array(part), at);
    at += part.byteLength;
  }
  return whole.buffer;
}
