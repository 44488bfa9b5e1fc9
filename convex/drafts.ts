"use node";
// A post begins as talk: what was said in a thread becomes a draft of whoever asks, which the web service keeps.
import { v } from "convex/values";

import { internal } from "./_generated/api";
import { action } from "./access";
import { quote } from "./quoting";
import { Refusal } from "./refusal";
import { askWeb } from "./web";
import { requireName } from "./words";

const LONGEST_TITLE = 300;

/** Of the chosen messages, or the newest 200 of the thread. */
export const fromThread = action({
  args: { thread_id: v.id("threads"), title: v.string(), message_ids: v.optional(v.array(v.id("messages"))) },
  returns: v.object({ post_id: v.string(), slug: v.string() }),
  handler: async (ctx, { title, ...chosen }): Promise<{ post_id: string; slug: string }> => {
    const draft = {
      title: requireName(title, "A title", LONGEST_TITLE),
      content: quote(await ctx.runQuery(internal.quoting.pick, chosen)),
    };
    const { status, body } = await ask(ctx.organization_id, ctx.user_id, draft);
    if (status === 201) {
      const { post_id, slug } = body as { post_id: string; slug: string };
      return { post_id, slug };
    }
    if (status === 403) {
      throw new Refusal("not_allowed", "You may not write posts.");
    }
    if (status === 413 || status === 422) {
      throw new Refusal("invalid", "These messages are too long for one post. Choose fewer of them.");
    }
    throw unavailable();
  },
});

/** Once more when the answer was lost: by its key the service knows that it has made this draft. */
async function ask(organization_id: string, user_id: string, draft: { title: string; content: string }) {
  const headers = { "Idempotency-Key": crypto.randomUUID() };
  const attempt = () => askWeb(organization_id, user_id, "POST", "posts", draft, headers);
  try {
    return await attempt().catch(attempt);
  } catch (error) {
    console.warn(`The web service can't be asked for a draft: ${String(error)}`);
    throw unavailable();
  }
}

function unavailable(): Refusal {
  return new Refusal("unavailable", "No draft can be made at present. Try again in a moment.");
}
