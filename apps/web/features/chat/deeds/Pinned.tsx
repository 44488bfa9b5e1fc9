"use client";

import { live, type ThreadId } from "@dfworx/api/live";
import { Button } from "@dfworx/ui/Button";
import { Popover } from "@dfworx/ui/Popover";
import { useQuery } from "convex/react";
import { Pin } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";

import { plainExcerpt } from "@/features/notifications/excerpt";

import type { MessageDoing, People } from "../message";
import { MessageLine } from "./MessageLine";

interface PinnedProps {
  threadId: ThreadId;
  people: People;
  jump: MessageDoing["jump"];
}

/** What is pinned in a thread; a press leads there. */
export function Pinned({ threadId, people, jump }: PinnedProps) {
  const t = useTranslations("deeds");
  const [open, setOpen] = useState(false);
  const pinned = useQuery(live.pins.list, { thread_id: threadId }) ?? [];
  return (
    <Popover
      open={open}
      onOpenChange={setOpen}
      label={t("pinned")}
      trigger={
        <Button
          look="ghost"
          size={pinned.length > 0 ? "normal" : "icon"}
          aria-label={t("pinnedCount", { count: pinned.length })}
          data-tooltip={t("pinned")}
          className={pinned.length > 0 ? "px-2" : undefined}
        >
          <Pin aria-hidden />
          {pinned.length > 0 && <span className="text-xs tabular-nums">{pinned.length}</span>}
        </Button>
      }
    >
      <div className="w-96 max-w-full">
        <h2 className="px-3 pt-2.5 pb-1 text-xs font-medium text-ink-3">{t("pinned")}</h2>
        {pinned.length === 0 && <p className="px-3 pt-1 pb-3 text-ink-2">{t("nonePinned")}</p>}
        <ul className="p-1 pt-0">
          {pinned.map((message) => (
            <li key={message.message_id}>
              <MessageLine
                author={{ user_id: message.user_id, name: people.get(message.user_id)?.name ?? null }}
                at={message.sent_at}
                open={() => {
                  setOpen(false);
                  jump(message);
                }}
              >
                {plainExcerpt(message.text) || message.attachments.map((each) => each.name).join(", ")}
              </MessageLine>
            </li>
          ))}
        </ul>
      </div>
    </Popover>
  );
}
