"use client";

import { useEffect, type ReactNode } from "react";

import { later } from "./later";

const panel = later(() => import("./DialogPanel"));

export interface DialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  /** The question, or the thing. */
  title: ReactNode;
  /** The consequence. */
  description?: ReactNode;
  /** Buttons: the safe one first, the deed last. */
  actions: ReactNode;
  children?: ReactNode;
  wide?: boolean;
  /** With unsaved text inside, Esc and a press beside it don't close. */
  holdsUnsavedText?: boolean;
}

/** Loaded as soon as the person moves on a page that may ask something; a dialog that can't come closes again. */
export function Dialog(props: DialogProps) {
  const { open, onOpenChange } = props;
  const loaded = panel.useLoaded();
  panel.usePreparedWhenTouched();
  useEffect(() => {
    if (open) panel.load().catch(() => onOpenChange(false));
  }, [open, onOpenChange]);
  return loaded && <loaded.DialogPanel {...props} />;
}
