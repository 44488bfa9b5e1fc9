"use client";

import { Count, shownCount, Tick } from "@dfworx/ui/Badge";
import { useTranslations } from "next-intl";

import { useLive } from "@/features/live/cache";

/** How much is new in all threads: not said to oneself, so it is text; a mark where there is no room for a number. */
export function UnreadChat({ onTab }: { onTab?: boolean }) {
  const t = useTranslations("presence");
  const count = useLive("chat")?.unread ?? 0;
  if (count === 0) return null;
  return (
    <span
      className={
        onTab
          ? "absolute start-1/2 top-1.5 ms-2.5 leading-none"
          : "ms-auto leading-none max-lg:absolute max-lg:end-1.5 max-lg:top-1.5"
      }
    >
      {onTab ? (
        <Tick />
      ) : (
        <>
          <span aria-hidden className="flex max-lg:hidden">
            <Count value={count} kind="new" />
          </span>
          <Tick className="lg:hidden" />
        </>
      )}
      <span className="sr-only">{t("unreadChat", { count, shown: shownCount(count) })}</span>
    </span>
  );
}
