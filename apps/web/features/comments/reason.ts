"use client";

import { ApiProblem } from "@dfworx/api";
import { useTranslations } from "next-intl";

/** Codes of the service that have a sentence of their own. */
const TOLD = [
  "post_archived",
  "post_trashed",
  "comment_removed",
  "not_allowed",
  "not_found",
  "stale_version",
  "revision_is_current",
] as const;

/** Why a deed wasn't done, in the reader's language. */
export function useReason(): (error: unknown) => string {
  const t = useTranslations("comments.reasons");
  const states = useTranslations("states");
  return (error) => {
    if (!(error instanceof ApiProblem)) return states("failed");
    if (error.code === "late") return states("late");
    if (error.code === "unreachable") return states("unreachable");
    const told = TOLD.find((each) => each === error.code);
    if (told) return t(told);
    if (error.status === 429) return t("too_many");
    if (error.status === 503) return states("unavailable");
    // The service's own sentence says what to write instead; of a fault there is none.
    return error.status < 500 ? (Object.values(error.fields)[0] ?? error.message) : states("failed");
  };
}
