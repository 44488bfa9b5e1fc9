import type { RefusalCode } from "@dfworx/api/live";
import { CircleAlert } from "lucide-react";
import { useState, type ReactNode } from "react";

import { useRefusal } from "@/features/live/refusal";

type Own = Partial<Record<RefusalCode, string>>;

/** Something that is done at the press of a button, which says that it works; what goes wrong stays beside it. */
export function useTrying(act: () => Promise<unknown>, own?: Own) {
  const reason = useRefusal();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const run = () => {
    setBusy(true);
    setProblem(null);
    act()
      .catch((error: unknown) => setProblem(reason(error, own)))
      .finally(() => setBusy(false));
  };
  return { run, busy, problem };
}

export function Problem({ children }: { children: ReactNode }) {
  return (
    <p role="alert" className="flex gap-1.5 text-sm text-danger">
      <CircleAlert className="mt-[3px] size-3.5 shrink-0" aria-hidden />
      <span>{children}</span>
    </p>
  );
}
