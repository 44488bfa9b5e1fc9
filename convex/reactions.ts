import { v } from "convex/values";

import { mutation } from "./access";
import { requireStandingMessage } from "./readable";
import { Refusal } from "./refusal";

const MOST = 20;
const LONGEST = 32;
const PARTS = /^[\p{Emoji}\p{Emoji_Component}\u200d\ufe0f\u20e3]+$/u;
/** Digits are parts of emojis too, and none by themselves. */
const SEEN = /[\p{Extended_Pictographic}\p{Regional_Indicator}\u20e3]/u;

/** Puts the person's reaction on a message, or takes it off again; gives whether it is on it now. */
export const toggle = mutation({
  args: { message_id: v.id("messages"), emoji: v.string() },
  returns: v.boolean(),
  handler: async (ctx, { message_id, emoji }) => {
    if (emoji.length > LONGEST || !PARTS.test(emoji) || !SEEN.test(emoji)) {
      throw new Refusal("invalid", "One reacts with an emoji.");
    }
    const { message } = await requireStandingMessage(ctx, message_id);
    const given = message.reactions.find((each) => each.emoji === emoji)?.user_ids ?? [];
    const isOn = !given.includes(ctx.user_id);
    if (isOn && given.length === 0 && message.reactions.length >= MOST) {
      throw new Refusal("conflict", `This message has ${MOST} different reactions already; join one of them.`);
    }
    const user_ids = isOn ? [...given, ctx.user_id] : given.filter((each) => each !== ctx.user_id);
    const known = message.reactions.some((each) => each.emoji === emoji);
    const reactions = known
      ? message.reactions.map((each) => (each.emoji === emoji ? { emoji, user_ids } : each))
      : [...message.reactions, { emoji, user_ids }];
    await ctx.db.patch("messages", message, { reactions: reactions.filter((each) => each.user_ids.length > 0) });
    return isOn;
  },
});
