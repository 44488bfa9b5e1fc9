import type { Me } from "@dfworx/api";
import { live, type Message, type Tag } from "@dfworx/api/live";
import { useMutation } from "convex/react";
import { useTranslations } from "next-intl";

import { useRefusal } from "@/features/live/refusal";

import { changeMessage, changePin, toggleReaction } from "./change";
import { tellFailure } from "./failures";

/** Who moderates may remove what others wrote, and makes tags. */
export function isModerator(me: Me): boolean {
  return me.role === "admin" || me.role === "moderator";
}

/** What is done to a message at once; what is refused is taken back, and the reason stands under the message. */
export function useDeeds(message: Message, me: Me) {
  const t = useTranslations("deeds");
  const reason = useRefusal();
  const toggle = useMutation(live.reactions.toggle).withOptimisticUpdate((store, { message_id, emoji }) =>
    changeMessage(store, message_id, (each) => toggleReaction(each, emoji, me.user_id)),
  );
  const pin = useMutation(live.pins.toggle).withOptimisticUpdate((store) => changePin(store, message));
  const tag = useMutation(live.tags.set).withOptimisticUpdate((store, { message_id, tag_ids }) =>
    changeMessage(store, message_id, (each) => ({ ...each, tags: tag_ids })),
  );
  const { message_id } = message;
  const tried = (deed: Promise<unknown>, own: Parameters<typeof reason>[1]) => {
    tellFailure(message_id, null);
    deed.catch((error: unknown) => tellFailure(message_id, t("notDone", { reason: reason(error, own) })));
  };
  return {
    react: (emoji: string) => tried(toggle({ message_id, emoji }), { conflict: t("most.reactions") }),
    pin: () => tried(pin({ message_id }), { conflict: t("most.pins") }),
    setTags: (tag_ids: Tag["tag_id"][]) => tried(tag({ message_id, tag_ids }), { invalid: t("most.tags") }),
  };
}
