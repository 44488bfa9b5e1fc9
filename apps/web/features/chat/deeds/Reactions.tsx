"use client";

import type { Me } from "@dfworx/api";
import type { Message } from "@dfworx/api/live";
import { Tooltip } from "@dfworx/ui/Tooltip";
import clsx from "clsx";
import { CircleAlert } from "lucide-react";
import { useFormatter, useTranslations } from "next-intl";

import type { People } from "../message";
import { useFailure } from "./failures";
import { ReactButton } from "./ReactButton";
import { MessageTags } from "./MessageTags";
import { useDeeds } from "./useDeeds";

const MOST_NAMED = 12;

export interface ReactionsProps {
  message: Message;
  me: Me;
  people: People;
}

/** Under a message: who has reacted how, its tags, and why the last deed here wasn't done. */
export function Reactions({ message, me, people }: ReactionsProps) {
  const failure = useFailure(message.message_id);
  const isBare = message.reactions.length === 0 && message.tags.length === 0;
  return (
    <>
      {!isBare && (
        <div className="mt-1 flex flex-wrap items-center gap-1.5 pb-0.5">
          {message.reactions.length > 0 && <Pills message={message} me={me} people={people} />}
          {message.tags.length > 0 && <MessageTags tags={message.tags} />}
        </div>
      )}
      <p role="status" className={clsx(failure && "mt-0.5 flex gap-1.5 text-xs text-danger")}>
        {failure && <CircleAlert className="mt-px size-3.5 shrink-0" aria-hidden />}
        {failure}
      </p>
    </>
  );
}

function Pills({ message, me, people }: ReactionsProps) {
  const t = useTranslations("deeds");
  const deeds = useDeeds(message, me);
  const list = useFormatter();
  const namesOf = (userIds: readonly string[]) => {
    const names = userIds.slice(0, MOST_NAMED).map((id) => {
      return id === me.user_id ? t("you") : (people.get(id)?.name ?? t("somebody"));
    });
    const others = userIds.length - names.length;
    return list.list(others > 0 ? [...names, t("others", { count: others })] : names);
  };
  return (
    <>
      {message.reactions.map(({ emoji, user_ids }) => {
        const isOwn = user_ids.includes(me.user_id);
        const names = namesOf(user_ids);
        return (
          <Tooltip key={emoji} text={t("reactedWith", { names, emoji })}>
            <button
              type="button"
              aria-pressed={isOwn}
              aria-label={t("reaction", { emoji, count: user_ids.length, names })}
              onClick={() => deeds.react(emoji)}
              className={clsx(
                "inline-flex h-[26px] items-center gap-1.5 rounded-full border px-2 text-sm focus-visible:rounded-full pointer-coarse:h-9 pointer-coarse:px-3",
                isOwn
                  ? "border-primary-line bg-primary-soft font-semibold text-link forced-colors:border-[Highlight]"
                  : "border-line-strong bg-sheet text-ink-2 hover:text-ink",
              )}
            >
              <span aria-hidden>{emoji}</span>
              <span className="text-xs tabular-nums">{user_ids.length}</span>
            </button>
          </Tooltip>
        );
      })}
      <ReactButton
        choose={deeds.react}
        className="h-[26px] w-auto rounded-full border-line-strong bg-sheet px-2 focus-visible:rounded-full pointer-coarse:h-9 pointer-coarse:px-3"
      />
    </>
  );
}
