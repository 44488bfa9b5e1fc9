"use client";

import { later } from "@dfworx/ui/later";
import { useEffect, type ReactNode } from "react";

import { PANEL } from "./content";
import { PanelHead } from "./PanelHead";

interface PanelProps {
  /** What the region is called; unique on the page. */
  label: string;
  /** At the top: what can be shown in it. */
  head: ReactNode;
  closeLabel: string;
  open: boolean;
  /** From useWide: beside the page, over it, or not known yet. */
  wide: boolean | null;
  close: () => void;
  children: ReactNode;
}

export const panelOver = later(() => import("./PanelOver"));

/** A sheet beside the page where there is room, over it where there isn't, and all of a phone's screen. */
export function Panel({ open, wide, ...rest }: PanelProps) {
  const over = panelOver.useLoaded();
  const { close } = rest;
  const isOver = open && wide === false;
  useEffect(() => {
    if (isOver) panelOver.load().catch(close);
  }, [isOver, close]);
  if (wide === false) {
    return over && <over.PanelOver open={open} {...rest} />;
  }
  if (!open) return null;
  const { label, head, closeLabel, children } = rest;
  return (
    <aside
      id={PANEL}
      tabIndex={-1}
      aria-label={label}
      className="relative flex min-h-0 w-(--panel-w) shrink-0 flex-col overflow-hidden rounded-lg border border-line bg-sheet shadow-sheet outline-none max-lg:hidden"
    >
      <PanelHead label={closeLabel} close={close}>
        {head}
      </PanelHead>
      {children}
    </aside>
  );
}
