"use client";

import { Button } from "@dfworx/ui/Button";
import { Tooltip } from "@dfworx/ui/Tooltip";
import { SquarePen } from "lucide-react";
import { useTranslations } from "next-intl";

import { prepareNewThread, useNewThread } from "@/features/palette/Finding";

/** In the header of the list of threads. */
export function NewThreadButton() {
  const t = useTranslations("deeds.thread");
  const begin = useNewThread();
  return (
    <Tooltip text={t("new")} shortcut="T">
      <Button
        look="ghost"
        size="icon"
        aria-label={t("new")}
        aria-keyshortcuts="T"
        onPointerEnter={prepareNewThread}
        onFocus={prepareNewThread}
        onClick={() => begin()}
      >
        <SquarePen aria-hidden />
      </Button>
    </Tooltip>
  );
}
