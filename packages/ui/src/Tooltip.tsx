import { cloneElement, type ReactElement } from "react";

interface TooltipProps {
  text: string;
  /** The key that does the same. */
  shortcut?: string;
  side?: "top" | "bottom" | "right";
  /** For widths at which it isn't wanted. */
  className?: string;
  /** One element that passes on what it doesn't know. */
  children: ReactElement<Record<`data-tooltip${string}`, string | undefined>>;
}

/** For an icon button or cut text; never the only place of information, so a button keeps its `aria-label`. It only
 * marks its child: one Tooltips for the whole page shows them. */
export function Tooltip({ text, shortcut, side, className, children }: TooltipProps) {
  return cloneElement(children, {
    "data-tooltip": text,
    "data-tooltip-shortcut": shortcut,
    "data-tooltip-side": side,
    "data-tooltip-class": className,
  });
}
