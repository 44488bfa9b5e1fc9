"use client";

import { ApiProblem } from "@dfworx/api";
import { useTranslations } from "next-intl";

/** A sentence for a problem that no screen has a better word for. */
export function useProblemText(): (error: unknown) => string {
  const t = useTranslations("states");
  return (error) => {
    // Whoever has a better word for it has said it.
    if (typeof error === "string") return error;
    if (!(error instanceof ApiProblem)) return t("failed");
    if (error.code === "late") return t("late");
    if (error.status === 0) return t("unreachable");
    if (error.status === 503) return t("unavailable");
    return error.status >= 500 ? t("failed") : error.message;
  };
}
