import clsx from "clsx";
import { LoaderCircle } from "lucide-react";
import { cloneElement, isValidElement, type ComponentProps } from "react";

const base =
  "relative inline-flex shrink-0 items-center justify-center gap-1.5 rounded-sm border font-medium whitespace-nowrap select-none " +
  "transition-colors duration-(--t-fast) focus-visible:rounded-sm " +
  "disabled:border-line disabled:bg-sunken disabled:text-ink-off [&_svg]:size-4 [&_svg]:stroke-[1.75]";
const looks = {
  primary: "border-transparent bg-primary text-on-primary enabled:hover:bg-primary-hover [a&]:hover:bg-primary-hover",
  secondary: "border-line-strong bg-sheet text-ink hover:bg-[linear-gradient(var(--hover),var(--hover))]",
  ghost: "border-transparent text-ink-2 hover:bg-hover hover:text-ink aria-expanded:bg-selected aria-expanded:text-ink",
  danger: "border-transparent bg-danger-solid text-on-danger",
};
const sizes = {
  small: "h-(--ctl-sm) px-2 text-xs",
  normal: "h-(--ctl) px-[11px] text-sm",
  large: "h-(--ctl-lg) px-4 text-base",
  icon: "size-(--ctl) text-sm",
  smallIcon: "size-(--ctl-sm) text-xs",
};

export interface ButtonProps extends ComponentProps<"button"> {
  look?: keyof typeof looks;
  size?: keyof typeof sizes;
  /** What the label says while it works, such as "Publishing". The width is kept, a second press does nothing. */
  busy?: string | false | undefined;
  /** Give the look to the one child, such as a link. */
  asChild?: boolean;
}

/** One primary a view. The label is the verb of the result. An icon alone needs `aria-label` and a Tooltip. */
export function Button(props: ButtonProps) {
  const { look = "secondary", size = "normal", busy, asChild, className, children, onClick, ...rest } = props;
  const classes = clsx(base, looks[look], sizes[size], className);
  if (asChild && isValidElement<{ className?: string }>(children))
    return cloneElement(children, { ...rest, className: clsx(classes, children.props.className) });
  return (
    <button
      type="button"
      className={classes}
      {...rest}
      aria-busy={busy ? true : undefined}
      onClick={busy ? (event) => event.preventDefault() : onClick}
    >
      {busy ? (
        <>
          <span className="invisible inline-flex items-center gap-1.5" aria-hidden>
            {children}
          </span>
          <span className="absolute inset-0 flex items-center justify-center gap-1.5">
            <LoaderCircle className="animate-spin" aria-hidden />
            {busy}
          </span>
        </>
      ) : (
        children
      )}
    </button>
  );
}

/** A key that does the same, beside what it does; hidden where there are no keys. */
export function Key({ children, onPrimary }: { children: string; onPrimary?: boolean }) {
  return (
    <kbd
      className={clsx(
        "min-w-[18px] rounded-xs border px-1 text-center font-sans text-2xs font-medium pointer-coarse:hidden",
        onPrimary ? "-me-1 border-current/35" : "border-line-strong bg-sheet text-ink-3",
      )}
    >
      {children}
    </kbd>
  );
}
