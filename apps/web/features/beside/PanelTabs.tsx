"use client";

import { Count } from "@dfworx/ui/Badge";
import clsx from "clsx";
import type { KeyboardEvent } from "react";

import type { Tab } from "./beside";

interface PanelTabsProps {
  label: string;
  tabs: readonly { tab: Tab; label: string; count: number; isNew: boolean }[];
  chosen: Tab;
  choose: (tab: Tab) => void;
}

/** One stop of the keyboard: arrow keys move and choose. */
export function PanelTabs({ label, tabs, chosen, choose }: PanelTabsProps) {
  const move = (event: KeyboardEvent) => {
    if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
    event.preventDefault();
    // Of two, either key leads to the other.
    const other = tabs.find(({ tab }) => tab !== chosen);
    if (!other) return;
    choose(other.tab);
    document.getElementById(idOf(other.tab, "tab"))?.focus();
  };
  return (
    <div role="tablist" aria-label={label} className="flex min-w-0 grow items-center gap-0.5">
      {tabs.map(({ tab, label, count, isNew }) => {
        const isChosen = tab === chosen;
        return (
          <button
            key={tab}
            type="button"
            role="tab"
            id={idOf(tab, "tab")}
            aria-selected={isChosen}
            aria-controls={isChosen ? idOf(tab, "panel") : undefined}
            tabIndex={isChosen ? 0 : -1}
            onKeyDown={move}
            onClick={() => isChosen || choose(tab)}
            className={clsx(
              "inline-flex h-7 shrink-0 items-center gap-1.5 rounded-sm px-2.5 text-sm font-medium focus-visible:rounded-sm max-md:h-11 max-md:px-3 max-md:text-base forced-colors:aria-selected:border",
              isChosen ? "bg-hover text-ink" : "text-ink-2 hover:text-ink",
            )}
          >
            {label}
            {count > 0 && <Count value={count} kind={isNew ? "new" : "total"} />}
          </button>
        );
      })}
    </div>
  );
}

export function idOf(tab: Tab, part: "tab" | "panel"): string {
  return `beside-${tab}-${part}`;
}
