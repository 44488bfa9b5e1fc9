import { useTranslations } from "next-intl";
import type { ReactNode } from "react";

import { Finding } from "@/features/palette/Finding";

import { CONTENT } from "./content";
import { Leaving } from "./Leaving";
import { Sidebar } from "./Sidebar";
import { TabBar } from "./TabBar";

/** The desk: navigation on it, and the sheets that a page lays beside it. Only what is inside a sheet scrolls. */
export function Shell({ children }: { children: ReactNode }) {
  const t = useTranslations("app");
  return (
    <Leaving>
      <Finding>
        <div className="flex h-dvh flex-col md:grid md:grid-cols-[56px_minmax(0,1fr)] md:py-(--gap-desk) md:pe-(--gap-desk) lg:grid-cols-[var(--sidebar-w)_minmax(0,1fr)]">
          <a
            href={`#${CONTENT}`}
            className="sr-only z-50 rounded-sm bg-ink px-3 py-2 text-sm text-sheet focus:not-sr-only focus:fixed focus:start-3 focus:top-3"
          >
            {t("skip")}
          </a>
          <Sidebar />
          <div className="flex min-h-0 min-w-0 grow gap-(--gap-desk)">{children}</div>
          <TabBar />
        </div>
      </Finding>
    </Leaving>
  );
}
