/** Why the deployment refused something (convex/refusal.ts), known by its form: this needs no code of Convex. */
import { ApiProblem } from "@dfworx/api";
import type { RefusalCode } from "@dfworx/api/live";
import { useTranslations } from "next-intl";

export interface Refused {
  code: RefusalCode;
  message: string;
}

export function refusalOf(error: unknown): Refused | null {
  const data: unknown = error instanceof Error && "data" in error ? error.data : null;
  const { code, message } = (data ?? {}) as Partial<Refused>;
  return typeof code === "string" && typeof message === "string" ? { code, message } : null;
}

const TOLD = [
  "not_found",
  "not_allowed",
  "session_ended",
  "signed_out",
  "unavailable",
  "conflict",
  "invalid",
] as const satisfies readonly RefusalCode[];

/** The reason in the reader's language; `own` for codes of which more can be said where it was asked. */
export function useRefusal(): (error: unknown, own?: Partial<Record<RefusalCode, string>>) => string {
  const t = useTranslations("deeds.reasons");
  const states = useTranslations("states");
  return (error, own = {}) => {
    const refused = refusalOf(error);
    if (!refused) return error instanceof ApiProblem && error.code === "late" ? states("late") : t("failed");
    const told = TOLD.find((each) => each === refused.code);
    // Never the deployment's own sentence: that is English.
    return own[refused.code] ?? t(told ?? "failed");
  };
}
