"use client";

import { ApiProblem, getMeOrNobody, getReceivedInvitation, type ReceivedInvitation } from "@dfworx/api";
import { useApi } from "@dfworx/api/react";
import { Button } from "@dfworx/ui/Button";
import { Bar } from "@dfworx/ui/Skeleton";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useTranslations } from "next-intl";

import { Failed } from "@/features/shell/Failed";
import { OrganizationMark } from "@/features/shell/OrganizationMark";
import { Time } from "@dfworx/ui/time/Time";

import { AcceptInvitation } from "./AcceptInvitation";
import { DeadLink } from "./DeadLink";

/** Behind the link of an invitation. `mayKnowMe`: somebody seems to be signed in, who may only have to agree. */
export function InvitationPage({ token, mayKnowMe }: { token: string; mayKnowMe: boolean }) {
  const t = useTranslations("account");
  const api = useApi();
  const invitation = useQuery(getReceivedInvitation(api, token));
  const me = useQuery({ ...getMeOrNobody(api), enabled: mayKnowMe });

  if (invitation.isPending || (mayKnowMe && me.isPending)) return <Loading label={t("invitationLoading")} />;
  if (invitation.isError) {
    const { error } = invitation;
    if (error instanceof ApiProblem && [404, 422].includes(error.status)) {
      return (
        <DeadLink title={t("invitationDeadTitle")} text={t("invitationDeadText")}>
          <Button asChild size="large">
            <Link href="/sign-in">{t("backToSignIn")}</Link>
          </Button>
        </DeadLink>
      );
    }
    return <Failed title={t("invitationFailed")} error={error} again={() => void invitation.refetch()} />;
  }
  return (
    <>
      <Invited invitation={invitation.data} />
      <AcceptInvitation token={token} invitation={invitation.data} me={me.data ?? null} />
    </>
  );
}

function Invited({ invitation }: { invitation: ReceivedInvitation }) {
  const t = useTranslations("account");
  const roles = useTranslations("settings.roles");
  return (
    <>
      <h1 className="flex items-start gap-2.5 text-xl font-semibold tracking-[-0.015em]">
        <span className="mt-0.5">
          <OrganizationMark name={invitation.organization.name} />
        </span>
        <span className="min-w-0 wrap-anywhere" dir="auto">
          {t("invitationTitle", { organization: invitation.organization.name })}
        </span>
      </h1>
      <p className="mt-1.5 mb-6 wrap-anywhere text-ink-2">
        {t.rich("invitationLead", {
          inviter: invitation.invited_by.name,
          email: invitation.email,
          role: roles(invitation.role),
          until: () => <Time at={invitation.expires_at} />,
        })}
      </p>
    </>
  );
}

function Loading({ label }: { label: string }) {
  return (
    <div role="status" aria-busy="true" className="space-y-4">
      <span className="sr-only">{label}</span>
      <Bar className="h-6 w-4/5" />
      <Bar className="h-3 w-full" />
      <Bar className="h-3 w-2/3" />
      <Bar className="mt-8 h-(--ctl-lg) w-full" />
      <Bar className="h-(--ctl-lg) w-full" />
    </div>
  );
}
