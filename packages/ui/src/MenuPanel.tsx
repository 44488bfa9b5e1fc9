"use client";

/** What Menu loads when somebody comes near an opener; nothing else imports it. The openers are there before, so this
 * is Radix's menu without its own trigger. */
import { Menu as Radix } from "radix-ui/internal";
import type { ReactNode, RefObject } from "react";

export { Radix };

/** As high as dialogs: it may be opened in one, and then comes after it. */
export const panel =
  "floats z-30 max-h-(--radix-popper-available-height) min-w-[13.75rem] max-w-[min(22rem,calc(100vw-1rem))] overflow-y-auto scroll-quiet rounded-md " +
  "border border-line-strong bg-raised p-1 text-sm shadow-pop";

interface MenuPanelProps {
  opener: RefObject<HTMLElement | null>;
  id: string;
  labelledBy: string;
  open: boolean;
  onOpenChange: (open: boolean) => void;
  align: "start" | "end";
  side: "top" | "bottom";
  children: ReactNode;
}

export function MenuPanel({ opener, id, labelledBy, open, onOpenChange, align, side, children }: MenuPanelProps) {
  return (
    // Not modal: what lies beneath stays there for everybody, and takes the press that closes the menu.
    <Radix.Root modal={false} open={open} onOpenChange={onOpenChange}>
      <Radix.Anchor virtualRef={opener as RefObject<HTMLElement>} />
      <Radix.Portal>
        <Radix.Content
          id={id}
          aria-labelledby={labelledBy}
          className={panel}
          align={align}
          side={side}
          sideOffset={4}
          collisionPadding={8}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            // Elsewhere it is where somebody pressed, or in what the menu opened.
            if (document.activeElement === document.body) opener.current?.focus();
          }}
        >
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
