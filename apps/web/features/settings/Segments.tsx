"use client";

import type { ReactNode } from "react";

interface SegmentsProps<Value extends string> {
  name: string;
  labelledBy: string;
  describedBy: string;
  value: Value;
  options: { value: Value; label: string; icon?: ReactNode }[];
  choose: (value: Value) => void;
}

/** Two to four choices side by side, of which one holds: radio buttons, with their arrow keys. */
export function Segments<Value extends string>(props: SegmentsProps<Value>) {
  const { name, labelledBy, describedBy, value, options, choose } = props;
  return (
    <div
      role="radiogroup"
      aria-labelledby={labelledBy}
      aria-describedby={describedBy}
      className="flex w-fit max-w-full flex-wrap gap-0.5 rounded-sm border border-field p-0.5"
    >
      {options.map((each) => (
        <label
          key={each.value}
          className="relative inline-flex h-[calc(var(--ctl)-6px)] items-center gap-1.5 rounded-xs px-2.5 text-sm text-ink-2 not-has-checked:hover:bg-hover has-checked:bg-selected has-checked:font-medium has-checked:text-ink has-focus-visible:outline-2 has-focus-visible:outline-ring forced-colors:has-checked:outline-2 [&_svg]:size-4 [&_svg]:stroke-[1.75]"
        >
          <input
            type="radio"
            name={name}
            value={each.value}
            checked={value === each.value}
            onChange={() => choose(each.value)}
            className="sr-only"
          />
          {each.icon}
          {each.label}
        </label>
      ))}
    </div>
  );
}
