"use client";

import { Button } from "@dfworx/ui/Button";
import { useTranslations } from "next-intl";

interface Props {
  query: { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage: () => unknown };
}

/** Below a list that goes on. */
export function More({ query }: Props) {
  const t = useTranslations("shell");
  if (!query.hasNextPage) return null;
  return (
    <p className="p-3 text-center">
      <Button busy={query.isFetchingNextPage && t("loading")} onClick={() => void query.fetchNextPage()}>
        {t("more")}
      </Button>
    </p>
  );
}
