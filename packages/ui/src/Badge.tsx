import clsx from "clsx";
import type { ReactNode } from "react";

const tones = {
  neutral: "border-line-strong text-ink-2",
  success: "border-transparent bg-success-soft text-success",
  warning: "border-transparent bg-warning-soft text-warning",
  danger: "border-transparent bg-danger-soft text-danger",
  petrol: "border-transparent bg-primary-soft text-link",
};

/** Colour only for a state; what is the normal case has none. */
export function Badge({ tone = "neutral", children }: { tone?: keyof typeof tones; children: ReactNode }) {
  return (
    <span
      className={clsx(
        "inline-flex h-5 shrink-0 items-center gap-1 rounded-xs border px-1.5 text-xs font-medium whitespace-nowrap [&_svg]:size-3 [&_svg]:stroke-2",
        tones[tone],
      )}
    >
      {children}
    </span>
  );
}

/** A number of things as people are shown it: beyond a hundred nobody counts. */
export function shownCount(value: number): string {
  return value > 99 ? "99+" : String(value);
}

/** How many. Filled: said to you. Text: new. Grey: all there are. */
export function Count({ value, kind = "total" }: { value: number; kind?: "total" | "new" | "mine" }) {
  const shown = shownCount(value);
  if (kind === "mine") {
    return (
      <span className="h-[18px] min-w-[18px] rounded-full bg-primary px-[5px] text-center text-2xs leading-[18px] font-semibold text-on-primary tabular-nums">
        {shown}
      </span>
    );
  }
  return (
    <span className={`text-xs tabular-nums ${kind === "new" ? "font-semibold text-link" : "text-ink-3"}`}>{shown}</span>
  );
}

/** New for you: what it says is read out, not shown. */
export function Tick({ children, id, className }: { children?: ReactNode; id?: string; className?: string }) {
  return (
    <span id={id} className={clsx("block size-[7px] rounded-full bg-primary forced-colors:bg-[Highlight]", className)}>
      {children && <span className="sr-only">{children}</span>}
    </span>
  );
}
