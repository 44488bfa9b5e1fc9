"use client";

import { live, type Message, type MessageId } from "@dfworx/api/live";
import { Avatar } from "@dfworx/ui/Avatar";
import { useQueries } from "convex/react";
import { useTranslations } from "next-intl";
import { useMemo } from "react";

import { lineOf } from "./lines";
import type { MessageDoing, People } from "./message";

interface Props {
  messageId: MessageId;
  /** When it is among those that are shown. */
  known: Message | undefined;
  people: People;
  jump: MessageDoing["jump"];
}

/** What a message answers, in a line above it that leads there. */
export function Answered({ messageId, known, people, jump }: Props) {
  const t = useTranslations("chat");
  const answered = useMessage(messageId, known);
  if (!answered) return <p className="h-5" />;
  const isGone = answered === "gone" || answered.removed_at !== null;
  const author = answered === "gone" ? undefined : people.get(answered.user_id);
  const name = author?.name ?? t("somebody");
  const text = isGone ? t("answeredGone") : lineOf(answered.text) || (answered.attachments[0]?.name ?? "");
  return (
    <p className="relative flex min-w-0 text-sm text-ink-3 before:absolute before:-start-[30px] before:top-[9px] before:h-3.5 before:w-6 before:rounded-ss-sm before:border-s-[1.5px] before:border-t-[1.5px] before:border-line-strong">
      <button
        type="button"
        disabled={answered === "gone"}
        onClick={() => answered !== "gone" && jump(answered)}
        className="flex min-w-0 items-center gap-1.5 rounded-xs text-start enabled:hover:text-ink"
      >
        <span className="sr-only">{t("answers", { name, text })}</span>
        {answered !== "gone" && !isGone && (
          <>
            <Avatar person={author ?? { user_id: answered.user_id, name }} size="small" decorative />
            <span className="shrink-0 font-medium text-ink-2" dir="auto" aria-hidden>
              {name}
            </span>
          </>
        )}
        <span className="min-w-0 truncate" dir="auto" aria-hidden>
          {text}
        </span>
      </button>
    </p>
  );
}

function useMessage(messageId: MessageId, known: Message | undefined): Message | "gone" | undefined {
  const isKnown = known !== undefined;
  const asked = useMemo(
    () => (isKnown ? {} : { message: { query: live.messages.get, args: { message_id: messageId } } }),
    [isKnown, messageId],
  );
  const told = (useQueries(asked) as { message?: Message | Error }).message;
  return known ?? (told instanceof Error ? "gone" : told);
}
