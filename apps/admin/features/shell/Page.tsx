import type { ReactNode } from "react";

/** A page's heading with what is done on it, and below it what scrolls. */
export function Page({ title, actions, children }: { title: string; actions?: ReactNode; children: ReactNode }) {
  return (
    <>
      <header className="flex min-h-(--header-h) shrink-0 flex-wrap items-center gap-2 border-b border-line px-5 py-2">
        <h1 className="grow text-base font-semibold tracking-[-0.005em]">{title}</h1>
        {actions}
      </header>
      <div className="min-h-0 grow overflow-y-auto p-5 scroll-quiet">{children}</div>
    </>
  );
}
