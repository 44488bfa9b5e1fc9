"use client";

import clsx from "clsx";
import { Check, ChevronRight } from "lucide-react";
import { Slot } from "radix-ui";
import type { Menu as Parts } from "radix-ui/internal";
import {
  useId,
  useRef,
  useState,
  type ComponentProps,
  type KeyboardEvent,
  type PointerEvent,
  type ReactNode,
} from "react";

import { later } from "./later";

/** All that a menu is once it is open. A page holds the buttons that open menus, and most are never pressed. */
const floating = later(() => import("./MenuPanel"));

const row =
  "flex min-h-[30px] items-center gap-[9px] rounded-xs px-2 outline-none select-none pointer-coarse:min-h-11 " +
  "data-highlighted:bg-hover data-disabled:text-ink-off [&_svg]:size-4 [&_svg]:shrink-0 [&_svg]:stroke-[1.75] [&_svg]:text-ink-3";

interface MenuProps {
  /** The one element that opens it. */
  trigger: ReactNode;
  children: ReactNode;
  align?: "start" | "end";
  side?: "top" | "bottom";
}

export function Menu({ trigger, children, align = "start", side = "bottom" }: MenuProps) {
  const loaded = floating.useLoaded();
  const [open, setOpen] = useState(false);
  const opener = useRef<HTMLElement>(null);
  const id = useId();
  const show = (shown: boolean) => {
    setOpen(shown);
    if (shown) floating.load().catch(() => setOpen(false));
  };
  const pressed = (event: PointerEvent<HTMLElement>) => {
    if (event.button !== 0 || event.ctrlKey || event.currentTarget.matches(":disabled")) return;
    // The opener would take the focus from what it opens.
    if (!open) event.preventDefault();
    show(!open);
  };
  const typed = (event: KeyboardEvent<HTMLElement>) => {
    if (!["Enter", " ", "ArrowDown"].includes(event.key)) return;
    event.preventDefault();
    show(event.key === "ArrowDown" || !open);
  };
  return (
    <>
      <Slot.Root
        ref={opener}
        id={id}
        aria-haspopup="menu"
        aria-expanded={open}
        aria-controls={open ? `${id}-menu` : undefined}
        onPointerEnter={floating.prepare}
        onFocus={floating.prepare}
        onPointerDown={pressed}
        onKeyDown={typed}
      >
        {trigger}
      </Slot.Root>
      {loaded && (
        <loaded.MenuPanel {...{ opener, open, align, side }} id={`${id}-menu`} labelledBy={id} onOpenChange={setOpen}>
          {children}
        </loaded.MenuPanel>
      )}
    </>
  );
}

/** Only what is in an open menu asks: then they are here. */
function useLoaded() {
  const loaded = floating.useLoaded();
  if (!loaded) throw new Error("This stands in a Menu.");
  return loaded;
}

interface MenuItemProps extends Omit<ComponentProps<typeof Parts.Item>, "className"> {
  icon?: ReactNode;
  /** Shown at the end, such as "E". */
  shortcut?: string;
  /** The last of its menu, in danger ink. */
  danger?: boolean;
}

export function MenuItem({ icon, shortcut, danger, children, ...rest }: MenuItemProps) {
  const { Radix } = useLoaded();
  return (
    <Radix.Item className={clsx(row, danger ? "text-danger [&_svg]:text-danger!" : "text-ink")} {...rest}>
      {rest.asChild ? (
        children
      ) : (
        <>
          {icon}
          <span className="grow">{children}</span>
          {shortcut && <kbd className="font-sans text-xs text-ink-3">{shortcut}</kbd>}
        </>
      )}
    </Radix.Item>
  );
}

export function MenuChoices(props: ComponentProps<typeof Parts.RadioGroup>) {
  const { Radix } = useLoaded();
  return <Radix.RadioGroup {...props} />;
}

/** One of several, of which one is chosen. */
export function MenuChoice({ value, children }: { value: string; children: ReactNode }) {
  const { Radix } = useLoaded();
  return (
    <Radix.RadioItem value={value} className={row}>
      <span className="min-w-0 grow truncate" dir="auto">
        {children}
      </span>
      <Radix.ItemIndicator>
        <Check aria-hidden />
      </Radix.ItemIndicator>
    </Radix.RadioItem>
  );
}

/** One level at most. */
export function Submenu({ label, icon, children }: { label: ReactNode; icon?: ReactNode; children: ReactNode }) {
  const { Radix, panel } = useLoaded();
  const [open, setOpen] = useState(false);
  return (
    <Radix.Sub open={open} onOpenChange={setOpen}>
      <Radix.SubTrigger className={clsx(row, "data-[state=open]:bg-hover")}>
        {icon}
        <span className="grow">{label}</span>
        <ChevronRight className="rtl:-scale-x-100" aria-hidden />
      </Radix.SubTrigger>
      <Radix.Portal>
        <Radix.SubContent className={panel} sideOffset={2} collisionPadding={8}>
          {children}
        </Radix.SubContent>
      </Radix.Portal>
    </Radix.Sub>
  );
}

export function MenuLabel({ children }: { children: ReactNode }) {
  return <div className="px-2 pt-1.5 pb-1 text-xs text-ink-3">{children}</div>;
}

export function MenuLine() {
  return <div role="separator" className="m-1 border-t border-line" />;
}
