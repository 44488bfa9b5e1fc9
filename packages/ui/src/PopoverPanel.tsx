"use client";

import { Popover as Radix } from "radix-ui";
import type { RefObject } from "react";

import type { PopoverProps } from "./Popover";

/** What Popover loads. As high as dialogs: it may be opened in one, and then comes after it. */
const panel =
  "floats z-30 max-h-(--radix-popover-content-available-height) max-w-[calc(100vw-1rem)] overflow-y-auto scroll-quiet " +
  "rounded-md border border-line-strong bg-raised text-sm shadow-pop outline-none";

type Props = Omit<PopoverProps, "trigger"> & { opener: RefObject<HTMLElement | null> };

export function PopoverPanel({ opener, open, onOpenChange, label, align = "end", side = "bottom", children }: Props) {
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Anchor virtualRef={opener as RefObject<HTMLElement>} />
      <Radix.Portal>
        <Radix.Content
          aria-label={label}
          className={panel}
          align={align}
          side={side}
          sideOffset={4}
          collisionPadding={8}
          onPointerDownOutside={(event) => {
            // The opener closes it itself, by the click that follows.
            if (opener.current?.contains(event.target as Node)) event.preventDefault();
          }}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            if (document.activeElement === document.body) opener.current?.focus();
          }}
        >
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
