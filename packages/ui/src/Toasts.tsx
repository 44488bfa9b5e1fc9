"use client";

import { Toast as Radix } from "radix-ui";

import type { Told } from "./Toast";

const SECONDS = 8;

interface ToastsProps {
  label: string;
  shown: Told[];
  drop: (id: number) => void;
}

/** What ToastProvider loads. */
export function Toasts({ label, shown, drop }: ToastsProps) {
  return (
    <Radix.Provider duration={SECONDS * 1000} swipeDirection="down">
      {shown.map((each) => (
        <Radix.Root
          key={each.id}
          onOpenChange={(open) => open || drop(each.id)}
          className="floats flex items-center gap-2.5 rounded-md bg-ink px-3.5 py-[9px] text-sm text-sheet shadow-pop"
        >
          <Radix.Title>{each.text}</Radix.Title>
          {each.action && (
            <Radix.Action
              altText={each.action.label}
              onClick={each.action.run}
              className="-me-2 rounded-xs px-2 py-1 font-semibold underline underline-offset-3"
            >
              {each.action.label}
            </Radix.Action>
          )}
        </Radix.Root>
      ))}
      <Radix.Viewport
        label={label}
        className="fixed bottom-4 z-40 flex flex-col items-start gap-2 max-md:inset-x-4 max-md:bottom-[calc(var(--tabs-h)+1rem)] md:start-4"
      />
    </Radix.Provider>
  );
}
