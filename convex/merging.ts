"use node";
// Between a document and its post's text. The post is changed by other doors too, so each text is written on top of the
// version it was made of; when that is no longer the newest, what was changed outside is taken for an edit of what was last
// written, and both survive. Any step may be the last one before a crash: what is known is in saving.ts.
import type { GenericActionCtx } from "convex/server";
import { v } from "convex/values";
import type * as Y from "yjs";

import { internal } from "./_generated/api";
import type { DataModel, Id } from "./_generated/dataModel";
import { internalAction } from "./access";
import { loadDocument, type Loaded } from "./loading";
import { notFound, Refusal } from "./refusal";
import { nullable } from "./shapes";
import { distance, documentOf, merge, rewrite, textOf, wholeOf } from "./texts";
import { askWeb } from "./web";

/** Rounds with somebody who changes the post outside again and again. */
const ROUNDS = 5;
const COMPACTED_UPDATES = 200;
const COMPACTED_BYTES = 1_000_000;

const document_id = v.id("documents");

type Ctx = Pick<GenericActionCtx<DataModel>, "runQuery" | "runMutation">;
type Place = { organization_id: string; document_id: Id<"documents"> };
type Post = { user_id: string; content: string; version: number; may_change: boolean };

/** The document of a post, for somebody whose policies let them read it. */
export const make = internalAction({
  args: { organization_id: v.string(), user_id: v.string(), post_id: v.string() },
  returns: v.object({ document_id, may_change: v.boolean() }),
  handler: async (ctx, { organization_id, user_id, post_id }) => {
    const { status, body } = await ask(organization_id, user_id, "GET", `posts/${encodeURIComponent(post_id)}`);
    if (status !== 200) {
      throw status < 500
        ? notFound("post")
        : new Refusal("unavailable", "The post can't be read at present. Try again in a moment.");
    }
    const { content, version, may_change } = body as Post;
    const snapshot = wholeOf(documentOf(content));
    const made: { document_id: Id<"documents">; version: number } = await ctx.runMutation(internal.saving.make, {
      ...{ organization_id, post_id, version, snapshot },
    });
    if (made.version < version) {
      await saveDocument(ctx, { organization_id, document_id: made.document_id }, true);
    }
    return { document_id: made.document_id, may_change };
  },
});

/** Writes the text back, and takes in what was changed outside; whether the post has all of it now. */
export const save = internalAction({
  args: {
    organization_id: v.string(),
    document_id,
    /** Whether to read the post even when there is nothing to write. */
    looks_outside: v.boolean(),
    /** For a run that was scheduled; null: whenever it is due. */
    due_at: nullable(v.number()),
  },
  returns: v.boolean(),
  handler: async (ctx, { organization_id, document_id, looks_outside, due_at }) =>
    await saveDocument(ctx, { organization_id, document_id }, looks_outside, due_at),
});

async function saveDocument(ctx: Ctx, place: Place, looks_outside: boolean, due_at: number | null = null) {
  for (let round = 0; round < ROUNDS; round++) {
    const document = await loadDocument(ctx, place.organization_id, place.document_id);
    const { state } = document;
    if (due_at !== null && round === 0 && state.due_at !== due_at) {
      return false;
    }
    const outcome = looks_outside ? await takeOutside(ctx, place, document) : await write(ctx, place, document);
    if (outcome !== "again") {
      return outcome === "saved";
    }
    looks_outside = !looks_outside;
  }
  await ctx.runMutation(internal.saving.fail, { ...place, problem: null });
  return false;
}

type Outcome = "saved" | "failed" | "again";

async function write(ctx: Ctx, place: Place, document: Loaded): Promise<Outcome> {
  const { post_id, state } = document;
  const { version, updates: number } = state;
  const doc = merge(updatesUntil(document, number));
  const content = textOf(doc);
  let written = version;
  if (content !== textOf(merge(updatesUntil(document, state.written, state.outside)))) {
    if (!(await ctx.runMutation(internal.saving.attempt, { ...place, version, number }))) {
      return "again";
    }
    const answer = await askAsWriter(place, document, "PUT", `posts/${post_id}/content`, { content, version });
    if (answer.status === 412) {
      return "again";
    }
    if (answer.status !== 200) {
      return await fail(ctx, place, answer.status);
    }
    written = (answer.body as Post).version;
  }
  await ctx.runMutation(internal.saving.record, { ...place, version: written, number });
  if (number - state.snapshot >= COMPACTED_UPDATES || state.bytes >= COMPACTED_BYTES) {
    const { bytes } = state;
    await ctx.runMutation(internal.saving.compact, { ...place, number, snapshot: wholeOf(doc), bytes });
  }
  return "saved";
}

async function takeOutside(ctx: Ctx, place: Place, document: Loaded): Promise<Outcome> {
  const { post_id, state } = document;
  const { status, body } = await askAsWriter(place, document, "GET", `posts/${post_id}`);
  if (status !== 200) {
    return await fail(ctx, place, status);
  }
  const { content, version } = body as Post;
  if (version > state.version) {
    const { number, doc } = closest(document, content);
    const updates = rewrite(doc, content);
    const edit = { known: state.version, version, base: number, updates };
    await ctx.runMutation(internal.saving.addOutside, { ...place, ...edit });
  }
  return "again";
}

/**
 * What the outside edit was made on: the text that is known to have been written, or one that was on its way, of which
 * nobody heard whether it came.
 */
function closest(document: Loaded, content: string): { number: number; doc: Y.Doc } {
  const { written, outside, attempts } = document.state;
  const known = { number: written, doc: merge(updatesUntil(document, written, outside)) };
  const sent = attempts.map((number) => ({ number, doc: merge(updatesUntil(document, number, outside)) }));
  const far = [known, ...sent].map((base) => ({ ...base, distance: distance(textOf(base.doc), content) }));
  return far.reduce((best, each) => (each.distance < best.distance ? each : best));
}

/** The snapshot and the updates behind it up to `number`, and `more` of those that come after. */
function updatesUntil({ snapshot, updates, state }: Loaded, number: number, more: readonly number[] = []) {
  const later = more.filter((each) => each > number).map((each) => updates[each - state.snapshot - 1]);
  return [snapshot, ...updates.slice(0, number - state.snapshot), ...later].filter((each) => each != null);
}

async function fail(ctx: Ctx, place: Place, status: number): Promise<"failed"> {
  await ctx.runMutation(internal.saving.fail, { ...place, problem: problemOf(status) });
  return "failed";
}

function problemOf(status: number): string | null {
  if (status === 403 || status === 404) {
    return "The post is gone, or nobody who wrote here may change it any more. What was written last is only here.";
  }
  if (status === 413 || status === 422) {
    return "The post doesn't take this text: it may be too long. What was written last is only here; shorten it.";
  }
  return null;
}

/** As the last person who changed it; else, as who wrote the post: people leave while their text is under way. */
async function askAsWriter(
  { organization_id }: Place,
  { state, author_id }: Loaded,
  method: string,
  path: string,
  body?: unknown,
) {
  const people = new Set([state.changed_by, author_id].filter((each) => each !== null));
  let answer: Answer = { status: 404, body: null };
  for (const user_id of people) {
    answer = await ask(organization_id, user_id, method, path, body);
    if (![401, 403, 404].includes(answer.status)) {
      break;
    }
  }
  return answer.status === 401 ? { ...answer, status: 403 } : answer;
}

type Answer = { status: number; body: unknown };

/** Status 503 for a service that isn't there. */
async function ask(organization_id: string, user_id: string, method: string, path: string, body?: unknown) {
  try {
    return await askWeb(organization_id, user_id, method, path, body);
  } catch {
    return { status: 503, body: null } satisfies Answer;
  }
}
