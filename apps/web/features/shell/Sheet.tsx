import type { ReactNode } from "react";

import { FindIcon } from "@/features/palette/FindButton";

import { SHEET } from "./BareSheet";
import { ConnectionBanner } from "./ConnectionBanner";
import { CONTENT } from "./content";

interface SheetProps {
  /** A word or two; or crumbs, when the page's own title stands in its text. */
  title: ReactNode;
  /** At the end of the header. */
  actions?: ReactNode;
  /** Between header and content: it doesn't scroll. */
  tools?: ReactNode;
  /** The title is a trail to the page and not its name, which comes as an h1 in the content. */
  isTrail?: boolean;
  children: ReactNode;
}

/** The main sheet of a page: its header stands, its content scrolls. A page has one; beside it may lie panels. */
export function Sheet({ title, actions, tools, isTrail, children }: SheetProps) {
  return (
    <main id={CONTENT} tabIndex={-1} className={`@container/sheet ${SHEET}`}>
      <header className="flex h-13 shrink-0 items-center gap-2 border-b border-line ps-4 pe-2 md:h-(--header-h) md:ps-5 md:pe-3">
        {isTrail ? (
          <div className="min-w-0 grow text-sm">{title}</div>
        ) : (
          <h1 className="text-[1.0625rem] font-semibold tracking-[-0.005em] md:text-base">{title}</h1>
        )}
        {actions}
        {!isTrail && <FindIcon />}
      </header>
      <ConnectionBanner />
      {tools}
      <div className="flex min-h-0 grow flex-col overflow-y-auto scroll-quiet scroll-p-12">{children}</div>
    </main>
  );
}
