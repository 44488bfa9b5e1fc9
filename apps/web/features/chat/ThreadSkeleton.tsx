"use client";

import { Bar } from "@dfworx/ui/Skeleton";
import clsx from "clsx";
import { useTranslations } from "next-intl";

const LINES = [["w-3/5"], ["w-4/5", "w-2/5"], ["w-1/3"], ["w-2/3", "w-3/4", "w-1/4"], ["w-1/2"], ["w-3/5", "w-1/3"]];

/** Messages that are on their way, and the place to write below them. */
export function ThreadSkeleton({ place }: { place: "page" | "panel" }) {
  const t = useTranslations("chat");
  return (
    <div role="status" aria-busy="true" className="late flex min-h-0 grow flex-col overflow-hidden">
      <span className="sr-only">{t("loading")}</span>
      <div aria-hidden className="flex min-h-0 grow flex-col justify-end gap-5 overflow-hidden px-5 pb-6">
        {LINES.map((lines, at) => (
          <div key={at} className="flex gap-3">
            <Bar className={clsx("shrink-0 rounded-full", place === "page" ? "size-9" : "size-6")} />
            <div className="min-w-0 grow space-y-2.5 pt-1">
              <Bar className="h-2.5 w-28" />
              {lines.map((width) => (
                <Bar key={width} className={clsx("h-2.5", width)} />
              ))}
            </div>
          </div>
        ))}
      </div>
      <div aria-hidden className="mx-4 mb-3.5 h-[76px] shrink-0 rounded-md border border-line" />
    </div>
  );
}
