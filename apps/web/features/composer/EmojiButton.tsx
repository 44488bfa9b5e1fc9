"use client";

import { Button } from "@dfworx/ui/Button";
import { later } from "@dfworx/ui/later";
import { Popover } from "@dfworx/ui/Popover";
import { Smile } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";

const picker = later(() => import("@/features/emoji/EmojiPicker"));

/** The picker comes when somebody is about to use it. */
export function EmojiButton({ choose }: { choose: (emoji: string) => void }) {
  const t = useTranslations("composing");
  const loaded = picker.useLoaded();
  const [open, setOpen] = useState(false);
  const show = (shown: boolean) => {
    setOpen(shown);
    if (shown) picker.load().catch(() => setOpen(false));
  };
  const chosen = (emoji: string) => {
    setOpen(false);
    choose(emoji);
  };
  return (
    <Popover
      open={open}
      onOpenChange={show}
      label={t("emoji")}
      side="top"
      align="start"
      trigger={
        <Button
          look="ghost"
          size="smallIcon"
          aria-label={t("emoji")}
          data-tooltip={t("emoji")}
          data-tooltip-side="top"
          onPointerMove={picker.prepare}
        >
          <Smile aria-hidden />
        </Button>
      }
    >
      {/* The picker's own size: nothing moves when it comes. */}
      <div className="min-h-80 w-[19.5rem] max-w-full">{loaded && <loaded.EmojiPicker choose={chosen} />}</div>
    </Popover>
  );
}
