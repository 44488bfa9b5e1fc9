"use client";

import { ApiProblem } from "@dfworx/api";
import { Button } from "@dfworx/ui/Button";
import { SkeletonRows } from "@dfworx/ui/Skeleton";
import { ErrorState } from "@dfworx/ui/State";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";

interface Props<T> {
  query: { data: T | undefined; error: unknown; refetch: () => unknown };
  children: (data: T) => ReactNode;
}

/** What was asked for once it is there; before that its place, or why it isn't. What was there stays, whatever fails. */
export function Asked<T>({ query, children }: Props<T>) {
  const t = useTranslations("shell");
  if (query.data !== undefined) return children(query.data);
  if (!query.error) return <SkeletonRows label={t("loading")} rows={8} />;
  const told = query.error instanceof ApiProblem ? query.error.message : t("failed");
  return (
    <ErrorState
      title={t("failedTitle")}
      actions={
        <Button look="primary" onClick={() => void query.refetch()}>
          {t("again")}
        </Button>
      }
    >
      {told}
    </ErrorState>
  );
}
