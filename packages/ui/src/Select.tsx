import clsx from "clsx";
import { ChevronDown } from "lucide-react";
import type { ComponentProps } from "react";

interface SelectProps extends Omit<ComponentProps<"select">, "size"> {
  size?: "small" | "normal" | "large";
}

const heights = { small: "h-(--ctl-sm) text-sm", normal: "h-(--ctl) text-base", large: "h-(--ctl-lg) text-base" };

/** The machine's own list in our clothes: typeahead, arrows and a phone's wheel come with it. */
export function Select({ size = "normal", className, children, ...rest }: SelectProps) {
  return (
    <span className={clsx("relative inline-flex min-w-0", className)}>
      <select
        className={clsx(
          "w-full min-w-0 appearance-none truncate rounded-sm border border-field bg-sheet ps-2.5 pe-8 text-ink max-md:text-[1rem]",
          "hover:bg-[linear-gradient(var(--hover),var(--hover))] focus-visible:rounded-sm focus-visible:border-ring focus-visible:outline-offset-[-1px]",
          "aria-invalid:border-danger disabled:border-line disabled:bg-sunken disabled:text-ink-off",
          heights[size],
        )}
        {...rest}
      >
        {children}
      </select>
      <ChevronDown
        className="pointer-events-none absolute end-2.5 top-1/2 size-4 -translate-y-1/2 stroke-[1.75] text-ink-3"
        aria-hidden
      />
    </span>
  );
}
