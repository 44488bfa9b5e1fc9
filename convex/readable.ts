// Who may read a post and who may change it, by its mirrored row, as its policies have it in PostgreSQL (012_sharing.sql, 027_editors.sql).
// A post that is published to the organization needs no person: who reads it is served by a run that serves all.
import type { Person, Reading } from "./access";
import type { Doc, Id } from "./_generated/dataModel";
import { notFound, Refusal } from "./refusal";

type Post = Doc<"posts">;

export async function findReadablePost(ctx: Pick<Reading, "db" | "person">, post_id: string): Promise<Post | null> {
  const post = await ctx.db.range("posts", "by_post", (q) => q.eq("post_id", post_id)).unique();
  if (post === null || isOpenToAll(post) || mayRead(post, await ctx.person())) {
    return post;
  }
  return null;
}

export async function requireReadablePost(ctx: Pick<Reading, "db" | "person">, post_id: string): Promise<Post> {
  const post = await findReadablePost(ctx, post_id);
  if (post === null) {
    throw notFound("post");
  }
  return post;
}

/** A thread of a post is as closed as the post; the others are open to the whole organization. */
export async function findReadableThread(
  ctx: Pick<Reading, "db" | "person">,
  thread_id: Id<"threads">,
): Promise<Doc<"threads"> | null> {
  const thread = await ctx.db.get("threads", thread_id);
  const isClosed = thread?.post_id != null && (await findReadablePost(ctx, thread.post_id)) === null;
  return isClosed ? null : thread;
}

export async function requireThread(
  ctx: Pick<Reading, "db" | "person">,
  thread_id: Id<"threads">,
): Promise<Doc<"threads">> {
  const thread = await findReadableThread(ctx, thread_id);
  if (thread === null) {
    throw notFound("thread");
  }
  return thread;
}

/** With its thread; one that was removed is there as well. */
export async function requireMessage(
  ctx: Pick<Reading, "db" | "person">,
  message_id: Id<"messages">,
): Promise<{ message: Doc<"messages">; thread: Doc<"threads"> }> {
  const message = await ctx.db.get("messages", message_id);
  const thread = message && (await findReadableThread(ctx, message.thread_id));
  if (!message || !thread) {
    throw notFound("message");
  }
  return { message, thread };
}

/** What was removed can't be answered to in any way. */
export async function requireStandingMessage(
  ctx: Pick<Reading, "db" | "person">,
  message_id: Id<"messages">,
): Promise<{ message: Doc<"messages">; thread: Doc<"threads"> }> {
  const found = await requireMessage(ctx, message_id);
  if (found.message.removed_at !== null) {
    throw new Refusal("not_found", "This message was removed.");
  }
  return found;
}

/** Its author and editors, and moderators what the organization has been shown. */
export function mayChange(post: Post, person: Person): boolean {
  return writes(post, person) || (moderates(person) && wasShownToAll(post));
}

export function moderates(person: Person): boolean {
  return person.role === "admin" || person.role === "moderator";
}

function isOpenToAll(post: Post): boolean {
  return post.visibility === "organization" && post.status === "published";
}

function mayRead(post: Post, person: Person): boolean {
  if (writes(post, person)) {
    return true;
  }
  return post.visibility === "people"
    ? post.status === "published" && post.readers.includes(person.user_id)
    : moderates(person) && wasShownToAll(post);
}

/** What lies in the trash is no editor's. */
function writes(post: Post, person: Person): boolean {
  const isEditor = post.status !== "trashed" && post.editors.includes(person.user_id);
  return isEditor || post.user_id === person.user_id;
}

/** A draft stays its author's alone in the trash too. */
function wasShownToAll(post: Post): boolean {
  return post.visibility === "organization" && post.status !== "draft" && post.trashed_from !== "draft";
}
