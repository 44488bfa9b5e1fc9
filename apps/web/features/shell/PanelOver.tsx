"use client";

import { Dialog } from "radix-ui";
import type { ReactNode } from "react";

import { PANEL } from "./content";
import { PanelHead } from "./PanelHead";

interface PanelOverProps {
  label: string;
  head: ReactNode;
  closeLabel: string;
  open: boolean;
  close: () => void;
  children: ReactNode;
}

/** A panel where there is no room beside the page; Panel loads it. */
export function PanelOver({ label, head, closeLabel, open, close, children }: PanelOverProps) {
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
          <Dialog.Title className="sr-only">{label}</Dialog.Title>
          <PanelHead label={closeLabel} close={close}>
            {head}
          </PanelHead>
          {children}
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
