"use client";

import type { Me } from "@dfworx/api";
import type { Message } from "@dfworx/api/live";
import { Avatar } from "@dfworx/ui/Avatar";
import { Tooltip } from "@dfworx/ui/Tooltip";
import clsx from "clsx";
import { useTranslations } from "next-intl";
import { memo } from "react";

import { wholeTime } from "@dfworx/ui/time/when";
import { useReader } from "@dfworx/ui/time/Time";

import { Answered } from "./Answered";
import { Attachments } from "./Attachments";
import { MessageActions } from "./deeds/MessageActions";
import { Reactions } from "./deeds/Reactions";
import { FRAMES } from "./frames";
import type { MessageDoing, People } from "./message";
import { MessageText } from "./MessageText";
import type { MessageRow } from "./rows";
import type { Times } from "./times";

export interface MessageItemProps {
  row: MessageRow;
  me: Me;
  people: People;
  doing: MessageDoing;
  times: Times;
  answered: Message | undefined;
  /** The list is one tab stop, at one of its messages. */
  isStop: boolean;
  /** In the composer now. */
  isEdited: boolean;
  place: "page" | "panel";
}

export const MessageItem = memo(Item, isSame);

function Item({ row, me, people, doing, times, answered, isStop, isEdited, place }: MessageItemProps) {
  const t = useTranslations("chat");
  const reader = useReader();
  const { message, isGrouped } = row;
  const author = people.get(message.user_id);
  const name = author?.name ?? t("somebody");
  const at = new Date(message.sent_at).toISOString();
  const time = (
    <time dateTime={at} title={wholeTime(at, reader)}>
      {times.time(message.sent_at)}
    </time>
  );
  return (
    // It takes the focus: R answers it, E changes one's own, and the arrows lead on from it.
    <article
      // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={isStop ? 0 : -1}
      data-message={message.number}
      aria-label={t("messageOf", { name, time: times.time(message.sent_at) })}
      className={clsx(
        "group/message relative py-[3px] hover:bg-hover focus-visible:-outline-offset-2",
        FRAMES[place],
        !isGrouped && "mt-3",
        isEdited && "opacity-60",
      )}
    >
      {message.reply_to !== null && message.removed_at === null && (
        <div className="col-start-2 min-w-0">
          <Answered messageId={message.reply_to} known={answered} people={people} jump={doing.jump} />
        </div>
      )}
      <div className="col-start-1">
        {isGrouped ? (
          <span className="invisible block text-end text-2xs leading-[23px] text-ink-3 group-focus-within/message:visible group-hover/message:visible group-focus/message:visible">
            {time}
          </span>
        ) : (
          message.removed_at === null && (
            <Avatar
              person={author ?? { user_id: message.user_id, name }}
              size={place === "page" ? "large" : "normal"}
              decorative
            />
          )
        )}
      </div>
      <div className="col-start-2 min-w-0">
        {message.removed_at !== null ? (
          <p className="text-sm leading-[23px] text-ink-3">{t("removed")}</p>
        ) : (
          <>
            {!isGrouped && (
              <p className="flex items-baseline gap-2 text-base">
                <span className="truncate font-semibold" dir="auto">
                  {name}
                </span>
                <span className="shrink-0 text-xs text-ink-3">{time}</span>
                <Edited message={message} />
              </p>
            )}
            {message.text && <MessageText text={message.text} id={message.message_id} people={people} />}
            {isGrouped && <Edited message={message} />}
            <Attachments attachments={message.attachments} />
            <Reactions message={message} me={me} people={people} />
          </>
        )}
      </div>
      {message.removed_at === null && <MessageActions message={message} me={me} doing={doing} />}
    </article>
  );
}

function Edited({ message }: { message: Message }) {
  const t = useTranslations("chat");
  const reader = useReader();
  if (message.edited_at === null) return null;
  const when = wholeTime(new Date(message.edited_at).toISOString(), reader);
  return (
    <Tooltip text={t("editedAt", { when })}>
      <span className="shrink-0 text-xs text-ink-3">{t("edited")}</span>
    </Tooltip>
  );
}

/** Rows are made anew with each message; what they say mostly isn't new. */
function isSame(one: MessageItemProps, other: MessageItemProps): boolean {
  return (
    one.row.message === other.row.message &&
    one.row.isGrouped === other.row.isGrouped &&
    one.people === other.people &&
    one.me === other.me &&
    one.doing === other.doing &&
    one.times === other.times &&
    one.answered === other.answered &&
    one.isStop === other.isStop &&
    one.isEdited === other.isEdited &&
    one.place === other.place
  );
}
