"use client";

import clsx from "clsx";
import { Check, CircleAlert } from "lucide-react";
import { useTranslations } from "next-intl";

import type { Standing } from "./useSaved";

/** Beside what was changed. Its place is kept, so that nothing moves when it comes. */
export function SavedLine({ standing, className }: { standing: Standing; className?: string }) {
  const t = useTranslations("settings");
  return (
    <div role="status" className={clsx("flex min-h-4 items-center gap-1 text-xs", className)}>
      {standing.step === "saved" && (
        <>
          <Check className="size-3.5 shrink-0 text-success" aria-hidden />
          <span className="text-ink-3">{t("saved")}</span>
          {standing.undo && (
            <button type="button" onClick={standing.undo} className="link relative ms-1 after:absolute after:-inset-2">
              {t("undo")}
            </button>
          )}
        </>
      )}
      {standing.step === "failed" && (
        <>
          <CircleAlert className="size-3.5 shrink-0 text-danger" aria-hidden />
          <span className="text-danger">{standing.told}</span>
        </>
      )}
    </div>
  );
}
