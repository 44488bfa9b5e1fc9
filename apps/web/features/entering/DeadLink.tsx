import type { ReactNode } from "react";

import { Heading } from "./Heading";

/** A link that leads nowhere any more: why, and what to do. */
export function DeadLink({ title, text, children }: { title: string; text: string; children: ReactNode }) {
  return (
    <div role="alert">
      <Heading title={title}>{text}</Heading>
      <div className="flex flex-wrap gap-2">{children}</div>
    </div>
  );
}
