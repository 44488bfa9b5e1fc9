"use client";

import clsx from "clsx";
import { Dialog as Radix } from "radix-ui";
import { useRef } from "react";

import type { DialogProps } from "./Dialog";

/** What Dialog loads. On a phone it is a sheet at the bottom. Focus starts on the first thing in it that takes focus. */
export function DialogPanel(props: DialogProps) {
  const { open, onOpenChange, title, description, actions, children, wide, holdsUnsavedText } = props;
  const stay = (event: Event) => holdsUnsavedText && event.preventDefault();
  const before = useRef<Element | null>(null);
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-30 bg-scrim" />
        <Radix.Content
          {...(!description && { "aria-describedby": undefined })}
          // Radix knows only a trigger of its own; what opened it otherwise gets the focus back too.
          onOpenAutoFocus={() => (before.current = document.activeElement)}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            if (before.current instanceof HTMLElement) before.current.focus();
          }}
          onEscapeKeyDown={stay}
          onPointerDownOutside={stay}
          className={clsx(
            "floats fixed z-30 flex max-h-[85dvh] flex-col overflow-y-auto scroll-quiet border border-line-strong bg-raised p-5 shadow-dialog",
            "max-sm:inset-x-0 max-sm:bottom-0 max-sm:rounded-t-lg max-sm:border-x-0 max-sm:border-b-0",
            "sm:inset-x-0 sm:top-[16vh] sm:mx-auto sm:rounded-lg",
            wide ? "sm:w-160" : "sm:w-110",
          )}
        >
          <Radix.Title className="text-lg font-semibold tracking-[-0.008em]">{title}</Radix.Title>
          {description && <Radix.Description className="mt-1.5 text-ink-2">{description}</Radix.Description>}
          {children && <div className="mt-4">{children}</div>}
          <div className="mt-5 flex flex-wrap justify-end gap-2">{actions}</div>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
