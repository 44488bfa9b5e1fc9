import clsx from "clsx";
import type { ComponentProps } from "react";

const chip =
  "inline-flex h-(--ctl-sm) shrink-0 items-center gap-1.5 rounded-full border px-[9px] text-xs whitespace-nowrap text-ink-2 " +
  "focus-visible:rounded-full hover:text-ink [&_svg]:size-[13px] max-md:px-3 max-md:text-sm";

/** A filter. One that is on lies on the hover ground and has a cross; one that can be added is dashed. */
export function Chip({ on, className, ...rest }: ComponentProps<"button"> & { on?: boolean }) {
  return (
    <button
      type="button"
      className={clsx(chip, on ? "border-transparent bg-hover" : "border-dashed border-line-strong", className)}
      {...rest}
    />
  );
}
