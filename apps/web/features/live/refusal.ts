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

const TOLD = ["not_found", "not_allowed", "session_ended", "signed_out", "unavailable"] as const;

/** The reason in the reader's language; `own` for codes that say more here. */
export function useRefusal(): (error: unknown, own?: Partial<Record<RefusalCode, string>>) => string {
  const t = useTranslations("deeds.reasons");
  const states = useTranslations("states");
  return (error, own = {}) => {
    const refused = refusalOf(error);
    if (!refused) return error instanceof ApiProblem && error.code === "late" ? states("late") : t("failed");
    const told = TOLD.find((each) => each === refused.code);
    // What is left says what to do instead, and of which there is no telling here.
    return own[refused.code] ?? (told ? t(told) : refused.message);
  };
}
