"use client";

import type { ThreadId } from "@dfworx/api/live";
import { Button } from "@dfworx/ui/Button";
import { Input } from "@dfworx/ui/Field";
import { Popover } from "@dfworx/ui/Popover";
import { Search } from "lucide-react";
import { useTranslations } from "next-intl";
import { useEffect, useState } from "react";

import { useRefusal } from "@/features/live/refusal";
import { cut } from "@/features/search/asked";
import { foundText } from "@/features/search/foundText";
import { useFoundMessages } from "@/features/search/messages";
import { Parts } from "@/features/search/Parts";

import type { MessageDoing } from "../message";
import { MessageLine } from "./MessageLine";
import { Problem } from "./Trying";

const BEHIND_MS = 250;

interface ThreadSearchProps {
  threadId: ThreadId;
  jump: MessageDoing["jump"];
}

/** Finds what was said in this thread, and goes there. */
export function ThreadSearch({ threadId, jump }: ThreadSearchProps) {
  const t = useTranslations("deeds.find");
  const [open, setOpen] = useState(false);
  return (
    <Popover
      open={open}
      onOpenChange={setOpen}
      label={t("open")}
      trigger={
        <Button look="ghost" size="icon" aria-label={t("open")} data-tooltip={t("open")}>
          <Search aria-hidden />
        </Button>
      }
    >
      <Inside
        threadId={threadId}
        jump={(message) => {
          setOpen(false);
          jump(message);
        }}
      />
    </Popover>
  );
}

function Inside({ threadId, jump }: ThreadSearchProps) {
  const t = useTranslations("deeds.find");
  const reason = useRefusal();
  const [typed, setTyped] = useState("");
  const [asked, ask] = useState("");
  const text = typed.trim();
  useEffect(() => {
    const timer = setTimeout(() => ask(text), BEHIND_MS);
    return () => clearTimeout(timer);
  }, [text]);
  const found = useFoundMessages({ text: asked, threadId, keeps: true });
  return (
    <div className="w-96 max-w-full">
      <div className="p-2">
        <Input
          type="text"
          inputMode="search"
          enterKeyHint="search"
          aria-label={t("open")}
          placeholder={t("example")}
          value={typed}
          autoComplete="off"
          spellCheck={false}
          dir="auto"
          onChange={(event) => setTyped(cut(event.target.value))}
        />
      </div>
      <div className="max-h-96 min-h-20 overflow-y-auto scroll-quiet" aria-busy={found.isWaiting}>
        {found.error ? (
          <div className="px-3 pb-3">
            <Problem>{reason(found.error)}</Problem>
          </div>
        ) : (
          <p role="status" className={found.items?.length ? "sr-only" : "px-3 pb-3 text-ink-2"}>
            {!text ? t("help") : found.items && t("count", { count: found.items.length })}
          </p>
        )}
        <ul className="p-1 pt-0">
          {found.items?.map(({ message, author }) => (
            <li key={message.message_id}>
              <MessageLine author={author} at={message.sent_at} open={() => jump(message)}>
                <Parts parts={foundText(message.text, asked)} />
              </MessageLine>
            </li>
          ))}
        </ul>
      </div>
    </div>
  );
}
