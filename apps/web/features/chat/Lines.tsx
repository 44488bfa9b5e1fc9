import clsx from "clsx";
import type { ReactNode } from "react";

/** Across the list: a day, or where what is new begins. */
export function AcrossLine({ children, isNew }: { children: ReactNode; isNew?: boolean }) {
  const line = clsx("h-px grow", isNew ? "bg-primary" : "bg-line");
  return (
    <div
      role="separator"
      className={clsx(
        "flex items-center gap-3 px-5 pt-3.5 pb-1 text-xs font-medium",
        isNew ? "text-link" : "text-ink-3",
      )}
    >
      <span className={line} />
      <span className="shrink-0">{children}</span>
      <span className={line} />
    </div>
  );
}
