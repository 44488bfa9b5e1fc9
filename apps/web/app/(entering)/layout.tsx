import { getTranslations } from "next-intl/server";
import type { ReactNode } from "react";

import { LanguageLinks } from "@/features/entering/LanguageLinks";
import { Logo } from "@dfworx/ui/Logo";

export default async function EnteringLayout({ children }: { children: ReactNode }) {
  const t = await getTranslations("app");
  return (
    <div className="grid min-h-dvh grid-rows-[1fr_auto] max-md:bg-sheet md:p-2">
      <main className="w-full max-md:px-6 max-md:py-8 md:m-auto md:w-105 md:rounded-lg md:border md:border-line md:bg-sheet md:px-10 md:pt-10 md:pb-8 md:shadow-pop">
        <div className="mb-5">
          <Logo />
        </div>
        {children}
      </main>
      <footer className="flex flex-wrap items-baseline justify-between gap-4 px-6 py-3 md:px-4 text-xs text-ink-3">
        <span>{t("tagline")}</span>
        <LanguageLinks />
      </footer>
    </div>
  );
}
