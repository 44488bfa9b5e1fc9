"use client";

import { Button, Key } from "@dfworx/ui/Button";
import { Tooltip } from "@dfworx/ui/Tooltip";
import { Search } from "lucide-react";
import { useTranslations } from "next-intl";

import { useIsApple } from "@/features/shortcuts/letters";

import { prepareFinding, useFinding } from "./Finding";

/** In the sidebar: it looks like the field that it opens. */
export function FindButton() {
  const t = useTranslations("finding.palette");
  const find = useFinding();
  const keys = useIsApple() ? "⌘K" : "Ctrl K";
  return (
    <Tooltip text={t("title")} shortcut={keys} side="right" className="lg:hidden">
      <button
        type="button"
        onClick={find}
        onPointerEnter={prepareFinding}
        onFocus={prepareFinding}
        aria-keyshortcuts="Control+K Meta+K"
        className="mt-1.5 mb-0.5 flex h-8 w-full shrink-0 items-center gap-2 rounded-sm border border-line-strong bg-sheet ps-[9px] pe-1.5 text-ink-3 hover:text-ink-2 focus-visible:rounded-sm max-lg:h-9 max-lg:justify-center max-lg:px-0 pointer-coarse:h-11"
      >
        <Search className="size-4 shrink-0 stroke-[1.75]" aria-hidden />
        <span className="min-w-0 grow truncate text-start max-lg:sr-only">{t("title")}</span>
        <span aria-hidden className="flex max-lg:hidden">
          <Key>{keys}</Key>
        </span>
      </button>
    </Tooltip>
  );
}

/** In the header of a phone's sheet. */
export function FindIcon() {
  const t = useTranslations("finding.palette");
  const find = useFinding();
  return (
    <Button
      look="ghost"
      size="icon"
      aria-label={t("title")}
      onClick={find}
      onPointerEnter={prepareFinding}
      className="ms-auto size-11 md:hidden [&_svg]:size-5"
    >
      <Search aria-hidden />
    </Button>
  );
}
