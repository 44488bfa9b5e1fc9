"use client";

import { live, type ThreadId } from "@dfworx/api/live";
import type { Me } from "@dfworx/api";
import { useQuery } from "convex/react";
import { useTranslations } from "next-intl";

import { useConnection } from "@/features/live/state";

import type { People } from "../message";

interface Props {
  threadId: ThreadId;
  me: Me;
  people: People;
}

/** One line that is always there, so that nothing moves when somebody writes. It isn't announced. */
export function TypingLine({ threadId, me, people }: Props) {
  const t = useTranslations("composing");
  const writing = useQuery(live.typing.list, { thread_id: threadId });
  // Without a connection nobody says when they stop.
  const isOpen = useConnection() === "open";
  const others = isOpen && writing ? writing.filter((userId) => userId !== me.user_id) : [];
  const [name, other] = others.map((userId) => firstName(people.get(userId)?.name) ?? t("somebody"));
  const told =
    others.length > 2
      ? t("typingSeveral")
      : name && other
        ? t("typingTwo", { name, other })
        : name && t("typingOne", { name });
  return (
    <p className="flex h-[22px] items-center gap-2 px-1 text-xs text-ink-3">
      {told && (
        <>
          <span aria-hidden className="flex gap-[3px]">
            {[0, 200, 400].map((delay) => (
              <span
                key={delay}
                className="size-1 animate-pulse rounded-full bg-current motion-reduce:animate-none"
                style={{ animationDelay: `${delay}ms` }}
              />
            ))}
          </span>
          <span className="truncate" dir="auto">
            {told}
          </span>
        </>
      )}
    </p>
  );
}

/** As people call one another. */
function firstName(name: string | undefined): string | undefined {
  return name?.trim().split(/\s+/)[0];
}
