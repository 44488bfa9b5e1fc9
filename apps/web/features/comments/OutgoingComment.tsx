"use client";

import type { Me } from "@dfworx/api";
import { Avatar } from "@dfworx/ui/Avatar";
import { Button } from "@dfworx/ui/Button";
import { CircleAlert, Clock } from "lucide-react";
import { useTranslations } from "next-intl";
import { useEffect, useRef } from "react";

import { CommentText } from "./CommentText";
import { useReason } from "./reason";
import type { Sending } from "./useOutgoing";

interface Props {
  item: Sending;
  me: Me;
  again: () => void;
  discard: () => void;
}

/** A comment that the server doesn't have yet. For a moment it looks as if it had. */
export function OutgoingComment({ item, me, again, discard }: Props) {
  const t = useTranslations("comments");
  const reason = useReason();
  const failed = item.state === "failed";
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    place.current?.scrollIntoView({ block: "nearest" });
  }, [item.state]);
  return (
    <div ref={place} className="flex scroll-mb-2 gap-3 py-2">
      <Avatar person={me} decorative />
      <div className="min-w-0 grow">
        <p className="flex items-baseline gap-2 text-base">
          <span className="truncate font-semibold" dir="auto">
            {me.name}
          </span>
          {item.state === "sending" && (
            <span className="animate-[appear_1ms_400ms_backwards] text-xs text-ink-3">{t("sending")}</span>
          )}
        </p>
        <CommentText source={item.content} id={item.key} />
        <div role="status">
          {item.state === "waiting" && (
            <p className="mt-1 flex items-center gap-1.5 text-xs text-ink-3">
              <Clock className="size-3.5 shrink-0" aria-hidden />
              {t("waits")}
            </p>
          )}
          {failed && (
            <p className="mt-1 flex gap-1.5 text-xs text-danger">
              <CircleAlert className="mt-px size-3.5 shrink-0" aria-hidden />
              {t("notSent", { reason: item.error ? reason(item.error) : "" })}
            </p>
          )}
        </div>
        {failed && (
          <div className="-ms-2 mt-1 flex flex-wrap gap-1">
            <Button look="ghost" size="small" onClick={again}>
              {t("tryAgain")}
            </Button>
            <Button look="ghost" size="small" onClick={() => void navigator.clipboard.writeText(item.content)}>
              {t("copyText")}
            </Button>
            <Button look="ghost" size="small" onClick={discard}>
              {t("discard")}
            </Button>
          </div>
        )}
      </div>
    </div>
  );
}
