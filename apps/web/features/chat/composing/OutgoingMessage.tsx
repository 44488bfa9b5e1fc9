"use client";

import type { Me } from "@dfworx/api";
import { Avatar } from "@dfworx/ui/Avatar";
import { Button } from "@dfworx/ui/Button";
import clsx from "clsx";
import { CircleAlert, Clock, Paperclip } from "lucide-react";
import { useTranslations } from "next-intl";
import { useEffect, useState } from "react";

import { LiveMarkdown } from "@/features/markdown/LiveMarkdown";

import { FRAMES } from "../frames";
import type { Outgoing, OutgoingItem } from "./useOutgoing";

/** What arrives sooner looks from the beginning as if it had. */
const UNMARKED_MS = 400;

export interface OutgoingMessageProps {
  item: OutgoingItem;
  me: Me;
  outgoing: Outgoing;
  /** Under another message of the same person: without avatar and name. */
  isGrouped: boolean;
  place: keyof typeof FRAMES;
}

/** A message on its way, at the end of the thread. */
export function OutgoingMessage({ item, me, outgoing, isGrouped, place }: OutgoingMessageProps) {
  const t = useTranslations("composing");
  const failed = item.state === "failed";
  const isMarked = useIsOlder(item.writtenAt, UNMARKED_MS) && !failed;
  return (
    <div className={clsx("py-[3px]", FRAMES[place], !isGrouped && "mt-3")}>
      {!isGrouped && <Avatar person={me} size={place === "page" ? "large" : "normal"} decorative />}
      <div className="col-start-2 min-w-0">
        {!isGrouped && (
          <p className="truncate text-base font-semibold" dir="auto">
            {me.name}
          </p>
        )}
        {item.text && (
          <div
            className={clsx(
              "[--fs-2xl:var(--fs-chat)] [--fs-lg:var(--fs-chat)] [--fs-prose:var(--fs-chat)] [--fs-xl:var(--fs-chat)] [--lh-2xl:var(--lh-chat)] [--lh-lg:var(--lh-chat)] [--lh-prose:var(--lh-chat)] [--lh-xl:var(--lh-chat)] [&_.prose>*+*]:mt-2",
              isMarked && "[&_.prose]:text-ink-3",
            )}
          >
            <LiveMarkdown source={item.text} scope={`outgoing-${item.key}`} />
          </div>
        )}
        {item.attachments.map((file) => (
          <p key={file.file_id} className="flex items-center gap-1.5 text-sm text-ink-3">
            <Paperclip className="size-3.5 shrink-0" aria-hidden />
            <span className="truncate" dir="auto">
              {file.name}
            </span>
          </p>
        ))}
        <div role="status">
          {isMarked && (
            <p className="mt-0.5 flex items-center gap-1.5 text-xs text-ink-3">
              <Clock className="size-3.5 shrink-0" aria-hidden />
              {t(item.state === "waiting" ? "waits" : "sending")}
            </p>
          )}
          {failed && (
            <p className="mt-0.5 flex gap-1.5 text-xs text-danger">
              <CircleAlert className="mt-px size-3.5 shrink-0" aria-hidden />
              {t("notSent", { reason: item.problem ?? "" })}
            </p>
          )}
        </div>
        {failed && (
          <div className="-ms-2 mt-0.5 flex flex-wrap gap-1">
            <Button look="ghost" size="small" onClick={() => outgoing.again(item)}>
              {t("tryAgain")}
            </Button>
            <Button look="ghost" size="small" onClick={() => void navigator.clipboard.writeText(item.text)}>
              {t("copyText")}
            </Button>
            <Button look="ghost" size="small" onClick={() => outgoing.discard(item)}>
              {t("discard")}
            </Button>
          </div>
        )}
      </div>
    </div>
  );
}

function useIsOlder(since: number, age: number): boolean {
  const [isOlder, setIsOlder] = useState(() => Date.now() - since >= age);
  useEffect(() => {
    const timer = setTimeout(() => setIsOlder(true), Math.max(0, since + age - Date.now()));
    return () => clearTimeout(timer);
  }, [since, age]);
  return isOlder;
}
