"use client";

import type { Thread } from "@dfworx/api/live";
import { useTranslations } from "next-intl";

/** What a thread is called where it isn't at home. */
export function useThreadName(): (thread: Thread | undefined) => string {
  const t = useTranslations("finding.search");
  return (thread) => (thread ? (thread.name ?? t("everyone")) : t("besidePost"));
}
