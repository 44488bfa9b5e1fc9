"use client";

import { Banner } from "@dfworx/ui/Banner";
import { Check, WifiOff } from "lucide-react";
import { useTranslations } from "next-intl";
import { useEffect, useState } from "react";

const SECONDS_BACK = 3;

/** Offline as long as it lasts, and for a moment that it is over. The region is always there, or it isn't announced. */
export function ConnectionBanner() {
  const t = useTranslations("shell");
  const [state, setState] = useState<"online" | "offline" | "back">("online");
  useEffect(() => {
    let timer = 0;
    const update = () => {
      window.clearTimeout(timer);
      if (!navigator.onLine) return setState("offline");
      setState((before) => (before === "offline" ? "back" : before));
      timer = window.setTimeout(() => setState((now) => (now === "back" ? "online" : now)), SECONDS_BACK * 1000);
    };
    update();
    window.addEventListener("online", update);
    window.addEventListener("offline", update);
    return () => {
      window.clearTimeout(timer);
      window.removeEventListener("online", update);
      window.removeEventListener("offline", update);
    };
  }, []);
  return (
    <div role="status">
      {state === "offline" && (
        <Banner tone="warning" icon={<WifiOff aria-hidden />}>
          {t("offline")}
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
