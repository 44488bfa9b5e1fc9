"use client";

import { Check } from "lucide-react";
import { Checkbox as Radix } from "radix-ui";
import { useId, type ReactNode } from "react";

interface CheckboxProps {
  label: ReactNode;
  checked: boolean;
  onChange: (checked: boolean) => void;
  disabled?: boolean;
}

/** The whole row is the target. */
export function Checkbox({ label, checked, onChange, disabled }: CheckboxProps) {
  const id = useId();
  return (
    <div className="flex min-h-6 items-center gap-2">
      <Radix.Root
        id={id}
        checked={checked}
        disabled={disabled}
        onCheckedChange={(now) => onChange(now === true)}
        className="grid size-4 shrink-0 place-items-center rounded-xs border border-field bg-sheet text-on-primary data-[state=checked]:border-primary data-[state=checked]:bg-primary"
      >
        <Radix.Indicator>
          <Check className="size-3 stroke-3" aria-hidden />
        </Radix.Indicator>
      </Radix.Root>
      <label htmlFor={id} className="grow">
        {label}
      </label>
    </div>
  );
}
