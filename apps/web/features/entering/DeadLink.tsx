import { Unlink } from "lucide-react";
import type { ReactNode } from "react";

import { Heading } from "./Heading";

/** A link that leads nowhere any more: why, and what to do. */
export function DeadLink({ title, text, children }: { title: string; text: string; children: ReactNode }) {
  return (
    <div role="alert">
      <Unlink className="mb-3 size-6 stroke-[1.5] text-ink-3" aria-hidden />
      <Heading title={title}>{text}</Heading>
      <div className="flex flex-wrap gap-2">{children}</div>
    </div>
  );
}
