"use client";

import { useTranslations } from "next-intl";
import { useEffect } from "react";

/** The title of the browser's tab, as soon as it is known: the server knows no threads. */
export function useTitle(page: string | null): void {
  const t = useTranslations("app");
  const title = page === null ? null : t("titleOf", { page });
  useEffect(() => {
    if (title !== null) document.title = title;
  }, [title]);
}
