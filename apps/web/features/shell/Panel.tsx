"use client";

import { Button } from "@dfworx/ui/Button";
import { Tooltip } from "@dfworx/ui/Tooltip";
import { X } from "lucide-react";
import { useTranslations } from "next-intl";
import { Dialog } from "radix-ui";
import type { ReactNode } from "react";

import { PANEL } from "./content";

interface PanelProps {
  /** What the region is called; unique on the page. */
  label: string;
  title: ReactNode;
  open: boolean;
  /** From useWide: beside the page, over it, or not known yet. */
  wide: boolean | null;
  close: () => void;
  children: ReactNode;
}

/** A sheet beside the page where there is room, over it where there isn't, and all of a phone's screen. */
export function Panel({ label, title, open, wide, close, children }: PanelProps) {
  if (wide === false) {
    return (
      <Dialog.Root open={open} onOpenChange={(stays) => stays || close()}>
        <Dialog.Portal>
          <Dialog.Overlay className="fixed inset-0 z-30 bg-scrim max-md:hidden" />
          <Dialog.Content
            aria-describedby={undefined}
            onOpenAutoFocus={(event) => {
              // The panel itself: the first button of it would be what closes it.
              event.preventDefault();
              document.getElementById(PANEL)?.focus();
            }}
            onEscapeKeyDown={(event) => {
              // What is being written in it may have a use for the key.
              if (document.activeElement?.hasAttribute("data-takes-escape")) event.preventDefault();
            }}
            id={PANEL}
            tabIndex={-1}
            className="floats fixed inset-0 z-30 flex flex-col overflow-hidden bg-sheet pb-[env(safe-area-inset-bottom)] outline-none md:inset-y-(--gap-desk) md:start-auto md:end-(--gap-desk) md:w-(--panel-w) md:rounded-lg md:border md:border-line-strong md:shadow-dialog"
          >
            <Head close={close}>
              <Dialog.Title asChild>
                <h2 className={heading}>{title}</h2>
              </Dialog.Title>
            </Head>
            {children}
          </Dialog.Content>
        </Dialog.Portal>
      </Dialog.Root>
    );
  }
  if (!open) return null;
  return (
    <aside
      id={PANEL}
      tabIndex={-1}
      aria-label={label}
      className="relative flex min-h-0 w-(--panel-w) shrink-0 flex-col overflow-hidden rounded-lg border border-line bg-sheet shadow-sheet outline-none max-lg:hidden"
    >
      <Head close={close}>
        <h2 className={heading}>{title}</h2>
      </Head>
      {children}
    </aside>
  );
}

const heading =
  "flex min-w-0 grow items-center gap-1.5 text-sm font-medium max-md:text-[1.0625rem] max-md:font-semibold";

function Head({ close, children }: { close: () => void; children: ReactNode }) {
  const t = useTranslations("comments");
  return (
    <header className="flex h-13 shrink-0 items-center gap-2 border-b border-line ps-4 pe-1.5 md:h-(--header-h)">
      {children}
      <Tooltip text={t("close")} shortcut="]">
        <Button look="ghost" size="icon" aria-label={t("close")} onClick={close} className="max-md:size-11">
          <X className="max-md:size-5" aria-hidden />
        </Button>
      </Tooltip>
    </header>
  );
}
