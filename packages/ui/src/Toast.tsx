"use client";

import { Toast as Radix } from "radix-ui";
import { createContext, useCallback, useContext, useMemo, useState, type ReactNode } from "react";

interface Told {
  id: number;
  text: ReactNode;
  action?: { label: string; run: () => void } | undefined;
}

type Tell = (text: ReactNode, action?: Told["action"]) => void;

const MOST = 3;
const SECONDS = 8;
const Context = createContext<Tell | null>(null);

/** `tell("Moved to trash", { label: "Undo", run })`. For undo: a failure stays on the thing that failed. */
export function useToast(): Tell {
  const tell = useContext(Context);
  if (!tell) throw new Error("useToast needs a ToastProvider above it.");
  return tell;
}

/** `label` names the region for those who don't see it, with {hotkey} for the key that goes there. */
export function ToastProvider({ label, children }: { label: string; children: ReactNode }) {
  const [shown, show] = useState<Told[]>([]);
  const tell = useCallback<Tell>((text, action) => {
    show((now) => [...now.slice(1 - MOST), { id: (now.at(-1)?.id ?? 0) + 1, text, action }]);
  }, []);
  const drop = (id: number) => show((now) => now.filter((each) => each.id !== id));
  const value = useMemo(() => tell, [tell]);
  return (
    <Context value={value}>
      <Radix.Provider duration={SECONDS * 1000} swipeDirection="down">
        {children}
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
    </Context>
  );
}
