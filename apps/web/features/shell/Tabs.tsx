import { Count } from "@dfworx/ui/Badge";
import clsx from "clsx";

import { NearLink } from "./NearLink";

export interface Tab {
  label: string;
  href: string;
  isCurrent: boolean;
  count?: number | undefined;
  /** The count is of what is new, not of all there is. */
  isNew?: boolean;
  /** Goes there without asking the page's server; a new tab is still a link's. */
  onSelect?: () => void;
}

/** Views of one list, as links: an address each. */
export function Tabs({ tabs, label, className }: { tabs: Tab[]; label: string; className?: string | undefined }) {
  return (
    <nav aria-label={label} className={clsx("items-center gap-0.5", className)}>
      {tabs.map((tab) => (
        <NearLink
          key={tab.label}
          href={tab.href}
          onClick={(event) => {
            if (!tab.onSelect || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
            event.preventDefault();
            tab.onSelect();
          }}
          aria-current={tab.isCurrent ? "page" : undefined}
          className={clsx(
            "inline-flex h-7 shrink-0 items-center gap-1.5 rounded-sm px-2.5 text-sm font-medium focus-visible:rounded-sm max-md:h-9 max-md:px-3 max-md:text-base",
            tab.isCurrent ? "bg-hover text-ink" : "text-ink-2 hover:text-ink",
          )}
        >
          {tab.label}
          {tab.count !== undefined && tab.count > 0 && <Shown value={tab.count} isNew={tab.isNew} />}
        </NearLink>
      ))}
    </nav>
  );
}

function Shown({ value, isNew }: { value: number; isNew: boolean | undefined }) {
  if (isNew) return <Count value={value} kind="new" />;
  return <span className="text-xs font-normal text-ink-3 tabular-nums">{value}</span>;
}
