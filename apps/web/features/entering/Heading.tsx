import type { ReactNode } from "react";

/** The head of a page on the way in: what it is, and one sentence. */
export function Heading({ title, children }: { title: ReactNode; children?: ReactNode }) {
  return (
    <>
      <h1 className="text-xl font-semibold tracking-[-0.015em] text-balance">{title}</h1>
      {children && <p className="mt-1.5 mb-6 wrap-anywhere text-ink-2">{children}</p>}
    </>
  );
}
