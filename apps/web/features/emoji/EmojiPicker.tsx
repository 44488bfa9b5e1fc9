"use client";

import { EmojiPicker as Parts } from "frimousse";
import { useLocale, useTranslations } from "next-intl";

import { Boundary } from "@/features/shell/Boundary";

interface EmojiPickerProps {
  choose: (emoji: string) => void;
}

/** All emojis, found by their names in the reader's language. Names come from our own origin: app/emoji. Only code that
 * is loaded late imports this. */
export function EmojiPicker({ choose }: EmojiPickerProps) {
  const t = useTranslations("deeds.emojis");
  const locale = useLocale();
  return (
    <Boundary fallback={() => <p className="w-[19.5rem] max-w-full p-4 text-ink-2">{t("failed")}</p>}>
      <Parts.Root
        locale={locale}
        emojibaseUrl="/emoji"
        columns={8}
        onEmojiSelect={({ emoji }) => choose(emoji)}
        className="isolate flex h-80 w-[19.5rem] max-w-full flex-col"
      >
        <div className="flex gap-1.5 p-2">
          <Parts.Search
            aria-label={t("search")}
            placeholder={t("example")}
            className="h-(--ctl) min-w-0 grow rounded-sm border border-field bg-sheet px-2.5 text-base max-md:text-[1rem] focus-visible:rounded-sm focus-visible:border-ring focus-visible:outline-offset-[-1px]"
          />
          <Parts.SkinToneSelector
            aria-label={t("skinTone")}
            className="grid size-(--ctl) shrink-0 place-items-center rounded-sm text-lg hover:bg-hover"
          />
        </div>
        <Parts.Viewport className="relative min-h-0 grow scroll-quiet outline-none">
          <Parts.Loading className="absolute inset-0 grid place-items-center text-ink-3">{t("loading")}</Parts.Loading>
          <Parts.Empty className="absolute inset-0 grid place-items-center text-ink-3">{t("none")}</Parts.Empty>
          <Parts.List
            className="pb-1.5 select-none"
            components={{
              CategoryHeader: ({ category, ...props }) => (
                <div {...props} className="bg-raised px-3 pt-2 pb-1 text-xs font-medium text-ink-3">
                  {category.label}
                </div>
              ),
              Row: ({ children, ...props }) => (
                <div {...props} aria-rowindex={fromOne(props["aria-rowindex"])} className="scroll-my-1.5 px-2">
                  {children}
                </div>
              ),
              Emoji: ({ emoji, ...props }) => (
                <button
                  {...props}
                  role="gridcell"
                  aria-colindex={fromOne(props["aria-colindex"])}
                  className="grid size-9 place-items-center rounded-sm text-lg data-active:bg-hover"
                >
                  {emoji.emoji}
                </button>
              ),
            }}
          />
        </Parts.Viewport>
      </Parts.Root>
    </Boundary>
  );
}

/** The library counts rows and columns from nought, ARIA from one. */
function fromOne(index: number | undefined): number | undefined {
  return index === undefined ? undefined : index + 1;
}
