"use client";

import { ApiProblem } from "@dfworx/api";
import { useTranslations } from "next-intl";

/** Why a file wasn't taken, and what to do: it goes on after the file's name. */
export function useUploadProblem(): (error: unknown, file: File) => string {
  const t = useTranslations("editor");
  return (error, file) => {
    if (!(error instanceof ApiProblem)) return t("uploadFailed");
    if (error.status === 0) return navigator.onLine ? t("uploadBroken") : t("uploadOffline");
    if (error.code === "file_empty") return t("uploadEmpty");
    if (error.status === 413) return t("uploadTooLarge", { size: Math.ceil(file.size / 1_000_000) });
    return error.message;
  };
}
