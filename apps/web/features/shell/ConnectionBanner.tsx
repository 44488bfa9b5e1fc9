"use client";

import { Banner } from "@dfworx/ui/Banner";
import { Check, RefreshCw, WifiOff } from "lucide-react";
import { useTranslations } from "next-intl";
import { useEffect, useState } from "react";

import { useConnection, useOnline } from "@/features/live/state";

const LOST_AFTER_MS = 2_000;
const BACK_FOR_MS = 3_000;

/** What is wrong as long as it lasts, and for a moment that it is over. The region is always there, or it isn't
 * announced. */
export function ConnectionBanner() {
  const t = useTranslations("shell");
  const state = useTrouble();
  return (
    <div role="status">
      {state === "offline" && (
        <Banner tone="warning" icon={<WifiOff aria-hidden />}>
          {t("offline")}
        </Banner>
      )}
      {state === "reconnecting" && (
        <Banner tone="neutral" icon={<RefreshCw aria-hidden />}>
          {t("reconnecting")}
        </Banner>
      )}
      {state === "back" && (
        <Banner tone="success" icon={<Check aria-hidden />}>
          {t("online")}
        </Banner>
      )}
    </div>
  );
}

function useTrouble(): "offline" | "reconnecting" | "back" | null {
  const isLost = useConnection() === "lost";
  const isOnline = useOnline();
  const trouble = !isOnline ? "offline" : isLost ? "reconnecting" : null;
  const [shown, show] = useState<"offline" | "reconnecting" | "back" | null>(null);
  if (trouble === "offline" && shown !== "offline") show("offline");
  if (trouble === null && (shown === "offline" || shown === "reconnecting")) show("back");
  useEffect(() => {
    if (trouble === "offline") return;
    // A connection that is back by then is nothing to speak of.
    const timer = setTimeout(() => show(trouble), trouble ? LOST_AFTER_MS : BACK_FOR_MS);
    return () => clearTimeout(timer);
  }, [trouble]);
  return shown;
}
