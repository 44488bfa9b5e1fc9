"use client";

import type { Me } from "@dfworx/api";
import type { ThreadId } from "@dfworx/api/live";
import { EmptyState, NothingFound } from "@dfworx/ui/State";
import { useTranslations } from "next-intl";
import { useEffect, useMemo, useRef, useState, type KeyboardEvent } from "react";

import { useRefusal } from "@/features/live/refusal";
import { Failed } from "@/features/shell/Failed";

import { useOutgoing } from "./composing/useOutgoing";
import { WriteMessage, type WriteMessageProps } from "./composing/WriteMessage";
import { tellFailure } from "./deeds/failures";
import type { MessageDoing } from "./message";
import { MessageList } from "./MessageList";
import type { MessageWindow } from "./messageWindow";
import { NewlySaid } from "./NewlySaid";
import { isNoThread } from "./noThread";
import { toRows } from "./rows";
import { ThreadSkeleton } from "./ThreadSkeleton";
import { useTimes } from "./times";
import { useDivider } from "./useDivider";
import { useJumpRef } from "./useJumpRef";
import { useMeant } from "./useMeant";
import { useMessages } from "./useMessages";
import { usePeople } from "./usePeople";
import { useReading } from "./useReading";
import { useScrolling } from "./useScrolling";
import { useMark } from "./useThreads";

export interface ThreadProps {
  threadId: ThreadId;
  me: Me;
  /** Null as long as it isn't known, and where it stands beside its post. */
  name: string | null;
  /** Only who may read the post is here. */
  isBeside: boolean;
  place: "page" | "panel";
  /** The message that the address means, by its number or id. */
  message?: string | null;
  /** Told how to show one of its messages, for what stands outside, such as the header. */
  jumpRef?: { current: MessageDoing["jump"] | null };
}

/** What was said, and the place to write; inside `Connected`. It fills its parent. */
export function Thread(props: ThreadProps) {
  return <Open key={props.threadId} {...props} />;
}

function Open(props: ThreadProps) {
  const t = useTranslations("chat");
  const states = useTranslations("states");
  const [shown, source] = useMessages(props.threadId);
  const mark = useMark(props.threadId);
  if (shown.error && shown.messages.length === 0) {
    return isNoThread(shown.error) ? (
      <NothingFound title={states("notFoundTitle")}>{states("notFoundText")}</NothingFound>
    ) : (
      <Failed title={t("failedTitle")} error={shown.error} again={source.again} />
    );
  }
  if (shown.isLoading || mark === undefined) return <ThreadSkeleton place={props.place} />;
  return <Standing {...props} {...{ shown, source, mark }} />;
}

interface StandingProps extends ThreadProps {
  shown: ReturnType<typeof useMessages>[0];
  source: MessageWindow;
  mark: number;
}

function Standing({
  threadId,
  me,
  name,
  isBeside,
  place,
  message = null,
  jumpRef,
  shown,
  source,
  mark,
}: StandingProps) {
  const t = useTranslations("chat");
  const deeds = useTranslations("deeds");
  const refusal = useRefusal();
  const reason = useRef(refusal);
  useEffect(() => {
    reason.current = refusal;
  });
  const people = usePeople();
  const times = useTimes();
  const outgoing = useOutgoing(threadId, me);
  const meant = useMeant(message);
  const [mode, setMode] = useState<WriteMessageProps["mode"]>({ kind: "new" });
  const [isMissing, setMissing] = useState(false);
  const newest = shown.newest?.number ?? 0;
  const { seen, markUntil, markUnread } = useReading(threadId, mark);
  const [readUntil, setDivider] = useDivider(mark, newest);
  const rows = useMemo(
    () =>
      toRows({
        messages: shown.messages,
        outgoing: shown.hasNewer ? [] : outgoing.items,
        meId: me.user_id,
        readUntil: readUntil ?? null,
        dayOf: times.day,
      }),
    [shown.messages, shown.hasNewer, outgoing.items, me.user_id, readUntil, times],
  );
  const scrolling = useScrolling({ source, shown, rows, seen, meant });
  const { jump } = scrolling;
  const doing = useMemo<MessageDoing>(
    () => ({
      reply: (message) => setMode({ kind: "reply", to: message }),
      edit: (message) => setMode({ kind: "edit", message }),
      markUnread(message) {
        tellFailure(message.message_id, null);
        markUnread(message.number).then(
          () => setDivider(message.number - 1),
          (error: unknown) => tellFailure(message.message_id, deeds("notDone", { reason: reason.current(error) })),
        );
      },
      jump: ({ number }) => void jump(number).then((isThere) => setMissing(!isThere)),
    }),
    [jump, markUnread, setDivider, deeds],
  );
  useJumpRef(jumpRef, doing);
  const last = shown.messages.findLast((each) => each.user_id === me.user_id && each.removed_at === null);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Escape" || event.defaultPrevented || mode.kind !== "new") return;
    if (isElsewhere(event)) return;
    markUntil(newest);
    setDivider(null);
    scrolling.toNewest();
  };
  return (
    // Escape is a shortcut here, and what it does is done by reading as well.
    // eslint-disable-next-line jsx-a11y/no-static-element-interactions
    <div onKeyDown={onKeyDown} className="flex min-h-0 min-w-0 grow flex-col">
      {rows.length === 0 ? (
        <EmptyState title={t("emptyTitle")}>{t(isBeside ? "emptyBesideText" : "emptyText")}</EmptyState>
      ) : (
        <MessageList
          name={name ?? t(isBeside ? "besidePost" : "everyone")}
          {...{ me, people, shown, source, rows, scrolling, doing, outgoing, times, place }}
          editedId={mode.kind === "edit" ? mode.message.message_id : null}
        />
      )}
      <NewlySaid {...{ shown, me, people }} />
      <p role="status" className={isMissing ? "px-5 py-1 text-xs text-ink-3" : undefined}>
        {isMissing && t("noSuchMessage")}
      </p>
      <WriteMessage
        {...{ threadId, name, me, people, mode, last, outgoing }}
        done={() => setMode({ kind: "new" })}
        edit={doing.edit}
      />
    </div>
  );
}

/** In a menu or dialog that is drawn elsewhere on the page: Escape closes it. */
function isElsewhere({ target, currentTarget }: KeyboardEvent): boolean {
  return !(target instanceof Node && currentTarget.contains(target));
}
