"use client";

import clsx from "clsx";
import { Check, ChevronRight } from "lucide-react";
import { DropdownMenu as Radix } from "radix-ui";
import type { ComponentProps, ReactNode } from "react";

const panel =
  "floats z-20 max-h-(--radix-popper-available-height) min-w-[13.75rem] max-w-[min(22rem,calc(100vw-1rem))] overflow-y-auto scroll-quiet rounded-md " +
  "border border-line-strong bg-raised p-1 text-sm shadow-pop";
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
  return (
    <Radix.Root>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content className={panel} align={align} side={side} sideOffset={4} collisionPadding={8}>
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

interface MenuItemProps extends Omit<ComponentProps<typeof Radix.Item>, "className"> {
  icon?: ReactNode;
  /** Shown at the end, such as "E". */
  shortcut?: string;
  /** The last of its menu, in danger ink. */
  danger?: boolean;
}

export function MenuItem({ icon, shortcut, danger, children, ...rest }: MenuItemProps) {
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

/** One of several, of which one is chosen. */
export function MenuChoice({ value, children }: { value: string; children: ReactNode }) {
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

export const MenuChoices = Radix.RadioGroup;

/** One level at most. */
export function Submenu({ label, icon, children }: { label: ReactNode; icon?: ReactNode; children: ReactNode }) {
  return (
    <Radix.Sub>
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
  return <Radix.Label className="px-2 pt-1.5 pb-1 text-xs text-ink-3">{children}</Radix.Label>;
}

export function MenuLine() {
  return <Radix.Separator className="m-1 border-t border-line" />;
}
