// Messages as the text of a post. Each is a quotation, so that what one leaves open (a list, a block of code) ends with it.
import { v } from "convex/values";

import { callersQuery, findMember, type Reading } from "./access";
import type { Doc, Id } from "./_generated/dataModel";
import { requireMessage, requireThread } from "./readable";
import { Refusal } from "./refusal";
import { attachment } from "./shapes";

const MOST = 200;
/** As many as a post holds. */
const MOST_CHARACTERS = 1_000_000;

const thread_id = v.id("threads");

const quoted = v.object({
  name: v.string(),
  text: v.string(),
  sent_at: v.number(),
  attachments: v.array(attachment),
});

/** Those that were chosen, or the newest of the thread: the oldest first, without what was removed. */
export const pick = callersQuery({
  args: { thread_id, message_ids: v.optional(v.array(v.id("messages"))) },
  returns: v.array(quoted),
  handler: async (ctx, { thread_id, message_ids }) => {
    await requireThread(ctx, thread_id);
    const kept: Doc<"messages">[] = [];
    let characters = 0;
    for await (const message of message_ids === undefined ? newest(ctx, thread_id) : chosen(ctx, message_ids)) {
      if (message.thread_id !== thread_id) {
        throw new Refusal("invalid", "These messages aren't all of this thread.");
      }
      characters += message.text.length;
      if (kept.length === MOST || characters > MOST_CHARACTERS) {
        throw new Refusal("invalid", "These messages are too many for one post. Choose fewer of them.");
      }
      if (message.removed_at === null) {
        kept.push(message);
      }
    }
    if (kept.length === 0) {
      throw new Refusal("invalid", "There is no message here that a post could be made of.");
    }
    const names = await namesOf(
      ctx,
      kept.map((each) => each.user_id),
    );
    return kept
      .sort((a, b) => a.sent_at - b.sent_at)
      .map(({ user_id, text, sent_at, attachments }) => ({
        name: names.get(user_id) ?? "Somebody",
        text,
        sent_at,
        attachments,
      }));
  },
});

async function* newest(ctx: Reading, thread_id: Id<"threads">): AsyncGenerator<Doc<"messages">> {
  let left = MOST;
  const all = ctx.db.range("messages", "by_thread_and_time", (q) => q.eq("thread_id", thread_id)).order("desc");
  for await (const message of all) {
    yield message;
    left -= 1;
    if (left === 0) {
      return;
    }
  }
}

async function* chosen(ctx: Reading, message_ids: Id<"messages">[]): AsyncGenerator<Doc<"messages">> {
  for (const message_id of new Set(message_ids)) {
    yield (await requireMessage(ctx, message_id)).message;
  }
}

async function namesOf(ctx: Reading, people: string[]): Promise<Map<string, string>> {
  const names = new Map<string, string>();
  for (const user_id of new Set(people)) {
    const member = await findMember(ctx.db, user_id);
    if (member !== null) {
      names.set(user_id, member.name);
    }
  }
  return names;
}

type Quoted = (typeof quoted)["type"];

export function quote(messages: Quoted[]): string {
  return messages
    .map(({ name, text, sent_at, attachments }) => {
      const when = `${new Date(sent_at).toISOString().slice(0, 16).replace("T", " ")} UTC`;
      const files = attachments.map(linkTo).join("\n");
      const lines = [text.trimEnd(), files].filter((each) => each !== "").join("\n\n");
      return `**${escape(name)}**, ${when}\n\n${lines.replace(/^/gmu, "> ").replace(/ +$/gmu, "")}`;
    })
    .join("\n\n");
}

function linkTo({ file_id, name, media_type }: Quoted["attachments"][number]): string {
  return `${media_type.startsWith("image/") ? "!" : ""}[${escape(name)}](/api/web/files/${file_id})`;
}

/** What people and files are called is no Markdown. */
function escape(name: string): string {
  return name.replace(/\s+/gu, " ").replace(/[[\]\\`*_<>&]/gu, "\\$&");
}
