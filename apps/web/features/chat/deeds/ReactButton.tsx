"use client";

import { Button } from "@dfworx/ui/Button";
import { later } from "@dfworx/ui/later";
import { Popover } from "@dfworx/ui/Popover";
import { SmilePlus } from "lucide-react";
import { useTranslations } from "next-intl";
import { useEffect, useState } from "react";

export const QUICK = ["👍", "❤️", "🎉", "👀", "✅", "😄"];

const picker = later(() => import("@/features/emoji/EmojiPicker"));

interface ReactButtonProps {
  choose: (emoji: string) => void;
  className?: string;
  onOpenChange?: (open: boolean) => void;
}

/** A button that opens the usual emojis, and all others below them. */
export function ReactButton({ choose, className, onOpenChange }: ReactButtonProps) {
  const t = useTranslations("deeds");
  const [open, setOpen] = useState(false);
  const show = (shown: boolean) => {
    setOpen(shown);
    onOpenChange?.(shown);
  };
  return (
    <Popover
      open={open}
      onOpenChange={show}
      label={t("react")}
      trigger={
        <Button
          look="ghost"
          size="smallIcon"
          aria-label={t("react")}
          data-tooltip={t("react")}
          data-tooltip-side="top"
          className={className}
        >
          <SmilePlus aria-hidden />
        </Button>
      }
    >
      <Emojis
        choose={(emoji) => {
          show(false);
          choose(emoji);
        }}
      />
    </Popover>
  );
}

export function Emojis({ choose }: { choose: (emoji: string) => void }) {
  const loaded = picker.useLoaded();
  useEffect(() => {
    picker.prepare();
  }, []);
  return (
    <>
      <QuickEmojis choose={choose} className="border-b border-line px-2 py-1.5" />
      {/* The picker's own size: nothing moves when it comes. */}
      <div className="min-h-80 w-[19.5rem] max-w-full">{loaded && <loaded.EmojiPicker choose={choose} />}</div>
    </>
  );
}

export function QuickEmojis({ choose, className }: { choose: (emoji: string) => void; className?: string }) {
  const t = useTranslations("deeds");
  return (
    <div role="group" aria-label={t("usual")} className={`flex justify-between gap-1 ${className ?? ""}`}>
      {QUICK.map((emoji) => (
        <button
          key={emoji}
          type="button"
          aria-label={t("reactWith", { emoji })}
          onClick={() => choose(emoji)}
          className="grid size-9 place-items-center rounded-sm text-lg hover:bg-hover pointer-coarse:size-11"
        >
          {emoji}
        </button>
      ))}
    </div>
  );
}
