"use client";

import clsx from "clsx";
import { Tooltip as Radix } from "radix-ui";
import type { ReactNode } from "react";

/** Once an app, around everything: the second tooltip comes at once. */
export function TooltipProvider({ children }: { children: ReactNode }) {
  return (
    <Radix.Provider delayDuration={500} skipDelayDuration={300}>
      {children}
    </Radix.Provider>
  );
}

interface TooltipProps {
  text: ReactNode;
  /** The key that does the same. */
  shortcut?: string;
  side?: "top" | "bottom" | "right";
  /** For widths at which it isn't wanted. */
  className?: string;
  children: ReactNode;
}

/** For an icon button or cut text; never the only place of information, so a button keeps its `aria-label`. */
export function Tooltip({ text, shortcut, side = "bottom", className, children }: TooltipProps) {
  return (
    <Radix.Root>
      <Radix.Trigger asChild>{children}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          side={side}
          sideOffset={6}
          collisionPadding={8}
          className={clsx(
            "floats z-50 flex max-w-72 items-center gap-2 rounded-sm bg-ink px-2 py-[5px] text-xs text-sheet",
            className,
          )}
        >
          {text}
          {shortcut && <kbd className="rounded-xs border border-current px-1 font-sans text-2xs">{shortcut}</kbd>}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
