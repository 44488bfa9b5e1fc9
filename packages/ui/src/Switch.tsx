"use client";

import { Switch as Radix } from "radix-ui";

interface SwitchProps {
  /** What it turns on; a label elsewhere names it by `id` instead. */
  label?: string;
  id?: string;
  describedBy?: string;
  checked: boolean;
  onChange: (checked: boolean) => void;
  disabled?: boolean;
}

/** For what takes effect at once. */
export function Switch({ label, id, describedBy, checked, onChange, disabled }: SwitchProps) {
  return (
    <Radix.Root
      id={id}
      aria-label={label}
      aria-describedby={describedBy}
      checked={checked}
      disabled={disabled}
      onCheckedChange={onChange}
      className="relative h-5 w-[34px] shrink-0 rounded-full bg-field transition-colors duration-(--t-fast) before:absolute before:-inset-x-2 before:-inset-y-3 hover:brightness-95 focus-visible:rounded-full disabled:bg-line-strong data-[state=checked]:bg-primary disabled:data-[state=checked]:opacity-50 forced-colors:border"
    >
      <Radix.Thumb className="block size-4 translate-x-0.5 rounded-full bg-sheet transition-transform duration-(--t-fast) data-[state=checked]:translate-x-4 rtl:-translate-x-0.5 rtl:data-[state=checked]:-translate-x-4 forced-colors:bg-[ButtonText]" />
    </Radix.Root>
  );
}
