"use client";

import { endAllSessions, endSession, getMe, listSessions, type UserSession } from "@dfworx/api";
import { useApi } from "@dfworx/api/react";
import { Badge } from "@dfworx/ui/Badge";
import { Button } from "@dfworx/ui/Button";
import { SkeletonRows } from "@dfworx/ui/Skeleton";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { MonitorSmartphone, Smartphone } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";

import { hasUnsent, leaveDevice } from "@/features/session/device";
import { Failed } from "@/features/shell/Failed";
import { Time } from "@dfworx/ui/time/Time";

import { ChangePassword } from "./ChangePassword";
import { Confirm } from "./Confirm";
import { deviceOf } from "./device";
import { Part } from "./SettingRow";

export function SessionSettings() {
  const t = useTranslations("settings.sessions");
  return (
    <>
      <Part title={t("title")} lead={t("lead")}>
        <Sessions />
      </Part>
      <Part title={t("password")} lead={t("passwordLead")}>
        <ChangePassword />
      </Part>
    </>
  );
}

function Sessions() {
  const t = useTranslations("settings.sessions");
  const sessions = useQuery(listSessions(useApi()));
  const [asking, ask] = useState<UserSession | "all" | null>(null);
  if (sessions.isPending) return <SkeletonRows label={t("loading")} rows={3} />;
  if (sessions.isError)
    return <Failed title={t("failedTitle")} error={sessions.error} again={() => void sessions.refetch()} />;
  return (
    <>
      <ul>
        {sessions.data.map((each) => (
          <SessionRow key={each.session_id} session={each} signOut={() => ask(each)} />
        ))}
      </ul>
      <div className="mt-2 border-t border-line pt-4">
        <Button onClick={() => ask("all")}>{t("endAll")}</Button>
      </div>
      {asking === "all" && <EndAll close={() => ask(null)} />}
      {asking && asking !== "all" && <EndOne session={asking} close={() => ask(null)} />}
    </>
  );
}

function SessionRow({ session, signOut }: { session: UserSession; signOut: () => void }) {
  const t = useTranslations("settings.sessions");
  const name = useDeviceName()(session.user_agent);
  const Icon = deviceOf(session.user_agent).isHandheld ? Smartphone : MonitorSmartphone;
  return (
    <li className="flex items-start gap-3 border-t border-line py-3 first:border-0">
      <Icon className="mt-0.5 size-5 shrink-0 stroke-[1.5] text-ink-3" aria-hidden />
      <div className="min-w-0 grow">
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1 font-medium">
          {/* What a program calls itself, for those who want to know. */}
          <span title={session.user_agent}>{name}</span>
          {session.is_current && <Badge tone="success">{t("this")}</Badge>}
        </p>
        <p className="mt-0.5 text-sm wrap-anywhere text-ink-3">
          {t.rich("used", {
            when: () => <Time at={session.last_used_at} />,
            began: () => <Time at={session.began_at} />,
          })}{" "}
          · <span className="font-mono text-xs">{session.address}</span>
        </p>
      </div>
      {!session.is_current && (
        <Button size="small" onClick={signOut} aria-label={t("endNamed", { device: name })}>
          {t("end")}
        </Button>
      )}
    </li>
  );
}

function EndOne({ session, close }: { session: UserSession; close: () => void }) {
  const t = useTranslations("settings.sessions");
  const api = useApi();
  const cached = useQueryClient();
  const device = useDeviceName()(session.user_agent);
  const end = useMutation({
    ...endSession(api),
    // One that has ended by itself meanwhile is what was wanted, too.
    onSettled: () => cached.invalidateQueries({ queryKey: listSessions(api).queryKey }),
    onSuccess: close,
  });
  return (
    <Confirm
      title={t("endQuestion", { device })}
      consequence={t("endConsequence")}
      keep={t("keep")}
      deed={t("end")}
      doing={t("ending")}
      busy={end.isPending}
      error={end.error}
      act={() => end.mutate(session.session_id)}
      close={close}
    />
  );
}

function EndAll({ close }: { close: () => void }) {
  const t = useTranslations("settings.sessions");
  const shell = useTranslations("shell");
  const api = useApi();
  const { data: me } = useQuery(getMe(api));
  const end = useMutation({
    ...endAllSessions(api),
    onSuccess: () => {
      leaveDevice(me);
      window.location.assign("/sign-in");
    },
  });
  return (
    <Confirm
      title={t("endAllQuestion")}
      consequence={t("endAllConsequence")}
      keep={t("keep")}
      deed={t("endAll")}
      doing={t("ending")}
      busy={end.isPending || end.isSuccess}
      error={end.error}
      act={() => end.mutate()}
      close={close}
    >
      {me && hasUnsent(me) && <p className="text-ink-2">{shell("leavingText")}</p>}
    </Confirm>
  );
}

function useDeviceName(): (userAgent: string) => string {
  const t = useTranslations("settings.sessions");
  return (userAgent) => {
    const { browser, system } = deviceOf(userAgent);
    if (browser && system) return t("device", { browser, system });
    // Programs name themselves by their first word.
    return browser ?? system ?? (/^[^\s/(]{1,40}/.exec(userAgent)?.[0] || t("unknown"));
  };
}
