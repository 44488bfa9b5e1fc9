"use client";

import { ApiProblem, getMe } from "@dfworx/api";
import { useApi } from "@dfworx/api/react";
import { Button } from "@dfworx/ui/Button";
import { ErrorState } from "@dfworx/ui/State";
import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";

import { Sidebar } from "./Sidebar";

export const CONTENT = "content";

/** Navigation on the desk, and one sheet beside it. Who isn't an admin gets a page that says so: the service refuses them
 * anyway, at each address. */
export function Shell({ children }: { children: ReactNode }) {
  const t = useTranslations("shell");
  const me = useQuery(getMe(useApi()));
  const isAdmin = me.data?.role === "admin";
  return (
    <div className="flex h-dvh flex-col md:grid md:grid-cols-[var(--sidebar-w)_minmax(0,1fr)] md:py-(--gap-desk) md:pe-(--gap-desk)">
      <a
        href={`#${CONTENT}`}
        className="sr-only z-50 rounded-sm bg-ink px-3 py-2 text-sm text-sheet focus:not-sr-only focus:fixed focus:start-3 focus:top-3"
      >
        {t("skip")}
      </a>
      <Sidebar me={me.data} isAdmin={isAdmin} />
      <main
        id={CONTENT}
        tabIndex={-1}
        className="flex min-h-0 min-w-0 grow flex-col overflow-hidden bg-sheet outline-none md:rounded-lg md:border md:border-line"
      >
        {me.data && !isAdmin ? (
          <ErrorState
            isPage
            title={t("refusedTitle")}
            actions={
              <Button asChild look="primary">
                <a href="/posts">{t("back")}</a>
              </Button>
            }
          >
            {t("refused", { organization: me.data.organization.name })}
          </ErrorState>
        ) : me.error && !(me.error instanceof ApiProblem && me.error.isSignedOut) ? (
          <ErrorState
            isPage
            title={t("failedTitle")}
            actions={
              <Button look="primary" onClick={() => void me.refetch()}>
                {t("again")}
              </Button>
            }
          >
            {t("failed")}
          </ErrorState>
        ) : (
          isAdmin && children
        )}
      </main>
    </div>
  );
}
