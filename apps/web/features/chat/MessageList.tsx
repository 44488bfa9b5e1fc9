"use client";

import type { Me } from "@dfworx/api";
import type { Message } from "@dfworx/api/live";
import { ArrowDown } from "lucide-react";
import { useTranslations } from "next-intl";
import { useMemo, type KeyboardEvent } from "react";
import { Virtualizer } from "virtua";

import { OutgoingMessage } from "./composing/OutgoingMessage";
import type { Outgoing } from "./composing/useOutgoing";
import { AcrossLine } from "./Lines";
import type { MessageDoing, People } from "./message";
import { MessageItem } from "./MessageItem";
import type { MessageWindow, Shown } from "./messageWindow";
import type { ThreadRow } from "./rows";
import type { Times } from "./times";
import type { Scrolling } from "./useScrolling";

interface Props {
  name: string;
  me: Me;
  people: People;
  shown: Shown;
  source: MessageWindow;
  rows: ThreadRow[];
  scrolling: Scrolling;
  doing: MessageDoing;
  outgoing: Outgoing;
  times: Times;
  editedId: string | null;
  place: "page" | "panel";
}

/** The messages that fit the screen, of however many there are. New ones don't move what is being read. */
export function MessageList(props: Props) {
  const { name, me, people, shown, rows, scrolling, doing, outgoing, times, editedId, place } = props;
  const t = useTranslations("chat");
  const byId = useMemo(() => new Map<string, Message>(shown.messages.map((each) => [each.message_id, each])), [shown]);
  const { list, handle, stop, setStop } = scrolling;
  const stopAt = rows.findIndex((row) => row.key === stop);
  const tabStop = stopAt === -1 ? rows.length - 1 : stopAt;

  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const row = event.target instanceof HTMLElement && event.target.dataset.message !== undefined;
    const to = { ArrowUp: tabStop - 1, ArrowDown: tabStop + 1, Home: 0, End: rows.length - 1 }[event.key];
    const next = to === undefined ? undefined : rows[to];
    if (!row || next?.kind !== "message") return;
    event.preventDefault();
    setStop(next.key);
    scrolling.focus(next.message.number, to ?? 0);
  };

  return (
    <div className="relative flex min-h-0 grow flex-col">
      {/* Its keys move among the messages, which take the focus. */}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions */}
      <div
        ref={list}
        role="log"
        aria-label={t("messages", { name })}
        // Rows come and go as one scrolls: what is new is told by NewlySaid.
        aria-live="off"
        onKeyDown={onKeyDown}
        onFocus={({ target }) => {
          const focused = target.closest<HTMLElement>("[data-message]")?.dataset.message;
          const row = rows.find((each) => each.kind === "message" && String(each.message.number) === focused);
          if (row) setStop(row.key);
        }}
        className="flex min-h-0 grow flex-col overflow-y-auto overscroll-contain scroll-quiet [overflow-anchor:none]"
      >
        <div className="grow" />
        <Virtualizer
          key={shown.generation}
          ref={handle}
          data={rows}
          shift={shown.isPrepended}
          bufferSize={400}
          {...(stopAt >= 0 && { keepMounted: [stopAt] })}
          onScroll={scrolling.onScroll}
          onScrollEnd={scrolling.onRest}
          onResize={scrolling.onResize}
        >
          {(row, at) => (
            <div key={row.key} className={at === rows.length - 1 ? "pb-2" : undefined}>
              {row.day !== null && <AcrossLine>{times.dayName(row.day)}</AcrossLine>}
              {row.kind === "message" && row.isNew && (
                <AcrossLine isNew>{t("newSince", { time: times.time(row.message.sent_at) })}</AcrossLine>
              )}
              {row.kind === "message" ? (
                <MessageItem
                  {...{ row, me, people, doing, times, place }}
                  answered={row.message.reply_to === null ? undefined : byId.get(row.message.reply_to)}
                  isStop={at === tabStop}
                  isEdited={row.message.message_id === editedId}
                />
              ) : (
                <OutgoingMessage item={row.item} isGrouped={row.isGrouped} {...{ me, outgoing, place }} />
              )}
            </div>
          )}
        </Virtualizer>
      </div>
      {scrolling.away && (
        <button
          type="button"
          onClick={scrolling.toNewest}
          className="absolute inset-x-0 bottom-3 z-1 mx-auto flex h-(--ctl-sm) w-max items-center gap-1.5 rounded-full bg-primary px-3 text-xs font-medium text-on-primary shadow-pop hover:bg-primary-hover"
        >
          {scrolling.away.unseen > 0 ? t("newMessages", { count: scrolling.away.unseen }) : t("toNewest")}
          <ArrowDown className="size-3.5" aria-hidden />
        </button>
      )}
    </div>
  );
}
