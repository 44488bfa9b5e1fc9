"use client";

import type { Me } from "@dfworx/api";
import type { ThreadId } from "@dfworx/api/live";
import { Connected } from "@/features/live/Connected";
import { Failed } from "@/features/shell/Failed";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useCallback, useEffect, useRef } from "react";

import { useRows } from "@/features/shortcuts/useRows";
import { focusRow } from "@/features/shortcuts/focus";
import { useShortcut } from "@/features/shortcuts/Shortcuts";
import { pathOfPost, pathOfThread } from "@/features/shell/paths";

import { ChatFrame } from "./ChatFrame";
import { ThreadHeader } from "./deeds/ThreadHeader";
import type { MessageDoing } from "./message";
import { Thread } from "./Thread";
import { ThreadList } from "./ThreadList";
import { nameOf } from "./threads";
import { usePeople } from "./usePeople";
import { useThreadKeys } from "./useThreadKeys";
import { useThreads, type ListedThread } from "./useThreads";
import { useTitle } from "./useTitle";
import { keepVisited, readVisited } from "./visited";

interface ChatProps {
  threadId: string | null;
  message: string | null;
  me: Me;
}

/** Loaded late: with it comes the connection. */
export function Chat(props: ChatProps) {
  return (
    <Connected>
      <Inside {...props} />
    </Connected>
  );
}

function Inside({ threadId, message, me }: ChatProps) {
  const t = useTranslations("chat");
  const { listed, error } = useThreads();
  const people = usePeople();
  const rows = useRows<HTMLDivElement>();
  const jump = useRef<MessageDoing["jump"]>(null);
  const jumpTo = useCallback<MessageDoing["jump"]>((message) => jump.current?.(message), []);
  const thread = listed?.find((each) => each.thread.thread_id === threadId)?.thread;
  useLastThread(threadId, me, listed);
  useThreadKeys(listed, threadId);
  useShortcut("next", () => focusRow("next"));
  useShortcut("previous", () => focusRow("previous"));
  useShortcut("first", () => focusRow("first"));
  useShortcut("last", () => focusRow("last"));
  const name = thread ? nameOf(thread, t("everyone")) : null;
  const isBeside = listed !== undefined && (!thread || thread.kind === "post");
  const title = isBeside ? (name ?? t("besidePost")) : name;
  useTitle(threadId === null ? null : title, t("title"));
  return (
    <ChatFrame
      isThread={threadId !== null}
      name={title}
      href={thread?.kind === "post" ? pathOfPost(thread.slug) : undefined}
      isArchived={thread ? thread.archived_at !== null : false}
      list={
        <div ref={rows}>
          {error ? (
            <Failed title={t("threadsFailedTitle")} error={error} again={() => window.location.reload()} />
          ) : (
            <ThreadList listed={listed} currentId={threadId} />
          )}
        </div>
      }
      actions={thread && <ThreadHeader thread={thread} me={me} people={people} jump={jumpTo} />}
    >
      {threadId && (
        <Thread threadId={threadId as ThreadId} {...{ me, message, name, isBeside }} place="page" jumpRef={jump} />
      )}
    </ChatFrame>
  );
}

/** Without a thread in the address it is the last one, where there is room beside the list. An address that leads to
 * nothing they have is not one to come back to. */
function useLastThread(threadId: string | null, me: Me, listed: ListedThread[] | undefined): void {
  const router = useRouter();
  useEffect(() => {
    const has = (id: string | null) => listed?.some((each) => each.thread.thread_id === id);
    if (threadId) return has(threadId) ? keepVisited(me, threadId) : undefined;
    const visited = readVisited(me);
    const own = listed?.find((each) => each.thread.kind === "organization")?.thread.thread_id;
    const last = has(visited) ? visited : own;
    if (last && window.matchMedia("(min-width: 56rem)").matches) router.replace(pathOfThread(last));
  }, [threadId, me, listed, router]);
}
