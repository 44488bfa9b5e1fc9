"use client";

import { useTranslations } from "next-intl";
import { useLayoutEffect } from "react";

/** The title of the browser's tab, as soon as it is known: the server knows no threads and calls each page `served`, also
 * once more when it is there for a while. Another page's title is left alone. */
export function useTitle(page: string | null, served: string): void {
  const t = useTranslations("app");
  const own = page === null ? null : t("titleOf", { page });
  const given = t("titleOf", { page: served });
  useLayoutEffect(() => {
    if (own === null || own === given) return;
    const name = () => {
      if (document.title === given) document.title = own;
    };
    name();
    const observer = new MutationObserver(name);
    observer.observe(document.head, { childList: true, characterData: true, subtree: true });
    return () => {
      observer.disconnect();
      if (document.title === own) document.title = given;
    };
  }, [own, given]);
}
