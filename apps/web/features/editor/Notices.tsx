"use client";

import { Button } from "@dfworx/ui/Button";
import clsx from "clsx";
import { CircleAlert, History, WifiOff } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { useState, type ReactNode } from "react";

import { signInPath } from "@dfworx/api/doors";
import { Time } from "@dfworx/ui/time/Time";
import { useToast } from "@dfworx/ui/Toast";

import { ConflictDialog } from "./ConflictDialog";
import type { Draft } from "./draft";
import type { DraftState } from "./draftState";

/** Under the header: what is in the way of saving, where what is written is meanwhile, and what to do. */
export function Notices({ draft, state }: { draft: Draft; state: DraftState }) {
  const t = useTranslations("editor");
  const tell = useToast();
  const [putOff, setPutOff] = useState<unknown>(null);
  const { saving, problem, conflict, restoredFrom, unkept, shared } = state;
  const copy = () => void navigator.clipboard.writeText(draft.text.read());
  return (
    <div role="status">
      {conflict && (
        <Notice
          tone="warning"
          icon={<CircleAlert aria-hidden />}
          action={
            <Button size="small" onClick={() => setPutOff(null)}>
              {t("compare")}
            </Button>
          }
        >
          {t.rich("newerVersion", { at: () => <Time at={conflict.theirs.updated_at} /> })}
        </Notice>
      )}
      {conflict && putOff !== conflict && (
        <ConflictDialog draft={draft} conflict={conflict} onClose={() => setPutOff(conflict)} />
      )}
      {/* Without any connection the page says so itself. */}
      {saving === "offline" && (unkept || navigator.onLine) && (
        <Notice
          tone="warning"
          icon={<WifiOff aria-hidden />}
          action={
            <Button size="small" onClick={draft.again}>
              {t("tryNow")}
            </Button>
          }
        >
          {unkept ? t("offlineUnkept") : t("offlineNotice")}
        </Notice>
      )}
      {saving === "signedOut" && (
        <Notice
          tone="warning"
          icon={<CircleAlert aria-hidden />}
          action={
            <Button asChild size="small">
              <Link href={signInPath(window.location.pathname)}>{t("signIn")}</Link>
            </Button>
          }
        >
          {t("signedOut")}
        </Notice>
      )}
      {saving === "refused" && problem && (
        <Notice
          tone="danger"
          icon={<CircleAlert aria-hidden />}
          action={
            <>
              <Button size="small" onClick={draft.again}>
                {t("tryNow")}
              </Button>
              <Button size="small" onClick={copy}>
                {t("copyText")}
              </Button>
            </>
          }
        >
          {problem.status === 404
            ? t("gone")
            : problem.code === "post_trashed"
              ? t("inTrash")
              : `${problem.message} ${t("keptHere")}`}
        </Notice>
      )}
      {shared?.problem && (
        <Notice
          tone="danger"
          icon={<CircleAlert aria-hidden />}
          action={
            <Button size="small" onClick={copy}>
              {t("copyText")}
            </Button>
          }
        >
          {shared.problem}
        </Notice>
      )}
      {restoredFrom && saving !== "conflict" && (
        <Notice
          tone="neutral"
          icon={<History aria-hidden />}
          action={
            <>
              <Button
                size="small"
                onClick={() => tell(t("changesDiscarded"), { label: t("undo"), run: draft.discard() })}
              >
                {t("discardChanges")}
              </Button>
              <Button size="small" look="ghost" onClick={() => draft.dismissRestored()}>
                {t("keepThem")}
              </Button>
            </>
          }
        >
          {t.rich("restored", { at: () => <Time at={restoredFrom} /> })}
        </Notice>
      )}
    </div>
  );
}

const TONES = {
  warning: "bg-warning-soft [&>svg]:text-warning",
  danger: "bg-danger-soft text-danger",
  neutral: "border-b border-line text-ink-2",
};

interface NoticeProps {
  tone: keyof typeof TONES;
  icon: ReactNode;
  action: ReactNode;
  children: ReactNode;
}

function Notice({ tone, icon, action, children }: NoticeProps) {
  return (
    <div
      className={clsx(
        "flex min-h-10 flex-wrap items-center gap-x-[9px] gap-y-1.5 px-5 py-1.5 text-sm [&>svg]:size-4 [&>svg]:shrink-0",
        TONES[tone],
      )}
    >
      {icon}
      <span className="min-w-0 grow basis-60">{children}</span>
      {action}
    </div>
  );
}
