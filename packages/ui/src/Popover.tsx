"use client";

import { Slot } from "radix-ui";
import { useRef, type ReactNode } from "react";

import { later } from "./later";

const floating = later(() => import("./PopoverPanel"));

export interface PopoverProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  /** What it is called: it has no heading of its own. */
  label: string;
  /** The one element that opens it. */
  trigger: ReactNode;
  align?: "start" | "end";
  side?: "top" | "bottom";
  /** Only rendered while it is open. */
  children: ReactNode;
}

/** Something small that belongs to its opener, such as a list or a picker. Loaded when somebody comes near. */
export function Popover({ trigger, ...rest }: PopoverProps) {
  const { open, onOpenChange } = rest;
  const loaded = floating.useLoaded();
  const opener = useRef<HTMLElement>(null);
  const toggle = () => {
    onOpenChange(!open);
    if (!open) floating.load().catch(() => onOpenChange(false));
  };
  return (
    <>
      <Slot.Root
        ref={opener}
        aria-haspopup="dialog"
        aria-expanded={open}
        onPointerEnter={floating.prepare}
        onFocus={floating.prepare}
        onClick={toggle}
      >
        {trigger}
      </Slot.Root>
      {loaded && <loaded.PopoverPanel opener={opener} {...rest} />}
    </>
  );
}
