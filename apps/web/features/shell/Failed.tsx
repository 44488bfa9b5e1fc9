"use client";

import { ApiProblem } from "@dfworx/api";
import { Button } from "@dfworx/ui/Button";
import { ErrorState } from "@dfworx/ui/State";
import { RotateCw } from "lucide-react";
import { useTranslations } from "next-intl";

/** A part of a page that didn't load: what happened, what is safe, what to do. */
export function Failed({ title, error, again }: { title: string; error: unknown; again: () => void }) {
  const t = useTranslations("states");
  const problem = error instanceof ApiProblem ? error : null;
  const told =
    problem?.code === "late"
      ? t("late")
      : problem?.code === "unreachable"
        ? t("unreachable")
        : problem?.status === 503
          ? t("unavailable")
          : t("failed");
  return (
    <ErrorState
      title={title}
      actions={<TryAgain onClick={again} />}
      foot={problem?.requestId && <RequestId id={problem.requestId} />}
    >
      {told}
    </ErrorState>
  );
}

export function TryAgain({ onClick }: { onClick: () => void }) {
  const t = useTranslations("states");
  return (
    <Button look="primary" onClick={onClick}>
      <RotateCw aria-hidden />
      {t("tryAgain")}
    </Button>
  );
}

/** A whole load: what failed leaves nothing behind. */
export function HomeButton() {
  const t = useTranslations("post");
  return (
    <Button asChild>
      <a href="/posts">{t("back")}</a>
    </Button>
  );
}

export function RequestId({ id }: { id: string }) {
  const t = useTranslations("states");
  return t.rich("askAdmin", { id: () => <code className="font-mono text-[0.925em]">{id}</code> });
}
