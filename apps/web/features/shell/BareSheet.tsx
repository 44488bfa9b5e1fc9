import type { ReactNode } from "react";

import { CONTENT } from "./content";

export const SHEET =
  "relative flex min-h-0 min-w-0 grow flex-col overflow-hidden bg-sheet outline-none md:rounded-lg md:border md:border-line md:shadow-sheet";

/** A page that couldn't be shown, in the place of its sheet. */
export function BareSheet({ children }: { children: ReactNode }) {
  return (
    <main id={CONTENT} tabIndex={-1} className={`${SHEET} min-h-[60dvh]`}>
      {children}
    </main>
  );
}
