import { useTranslations } from "next-intl";

import { useRefusal } from "@/features/live/refusal";

/** Why a message didn't go out, in the reader's language. */
export function useUnsent(): (error: unknown) => string {
  const t = useTranslations("composing.refused");
  const reason = useRefusal();
  return (error) => reason(error, { conflict: t("archived"), invalid: t("invalid"), not_found: t("gone") });
}
