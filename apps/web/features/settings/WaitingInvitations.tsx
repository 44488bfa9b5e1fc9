"use client";

import { listInvitations, withdrawInvitation, type Invitation } from "@dfworx/api";
import { useApi } from "@dfworx/api/react";
import { Button } from "@dfworx/ui/Button";
import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { Clock } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";

import { useProblemText } from "@/features/entering/useProblemText";
import { Time } from "@dfworx/ui/time/Time";

import { Confirm } from "./Confirm";
import { Part } from "./SettingRow";

/** Who is asked in and hasn't come yet. Nothing is shown while nobody is. */
export function WaitingInvitations() {
  const t = useTranslations("settings.members");
  const states = useTranslations("states");
  const textOf = useProblemText();
  const waiting = useInfiniteQuery(listInvitations(useApi()));
  const [asking, ask] = useState<Invitation | null>(null);
  const invitations = waiting.data?.pages.flatMap((page) => page.items) ?? [];
  if (waiting.isError && invitations.length === 0) {
    return (
      <p role="alert" className="mb-8 flex flex-wrap items-center gap-3 text-sm text-danger">
        {t("waitingFailed")} {textOf(waiting.error)}
        <Button size="small" onClick={() => void waiting.refetch()}>
          {states("tryAgain")}
        </Button>
      </p>
    );
  }
  if (invitations.length === 0) return null;
  return (
    <Part title={t("waitingTitle")}>
      <ul>
        {invitations.map((each) => (
          <InvitationRow key={each.invitation_id} invitation={each} withdraw={() => ask(each)} />
        ))}
      </ul>
      {waiting.hasNextPage && (
        <Button onClick={() => void waiting.fetchNextPage()} busy={waiting.isFetchingNextPage && t("more")}>
          {t("more")}
        </Button>
      )}
      {asking && <Withdraw invitation={asking} close={() => ask(null)} />}
    </Part>
  );
}

function InvitationRow({ invitation, withdraw }: { invitation: Invitation; withdraw: () => void }) {
  const t = useTranslations("settings.members");
  const roles = useTranslations("settings.roles");
  return (
    <li className="flex items-center gap-3 border-t border-line py-2.5">
      <span className="grid size-6 shrink-0 place-items-center rounded-full bg-hover">
        <Clock className="size-3.5 stroke-[1.75] text-ink-3" aria-hidden />
      </span>
      <div className="min-w-0 grow">
        <p className="truncate font-medium" title={invitation.email}>
          {invitation.email}
        </p>
        <p className="text-sm wrap-anywhere text-ink-3">
          {t.rich("waitingText", {
            role: roles(invitation.role),
            inviter: invitation.invited_by.name,
            until: () => <Time at={invitation.expires_at} />,
          })}
        </p>
      </div>
      <Button size="small" onClick={withdraw} aria-label={t("withdrawNamed", { email: invitation.email })}>
        {t("withdraw")}
      </Button>
    </li>
  );
}

function Withdraw({ invitation, close }: { invitation: Invitation; close: () => void }) {
  const t = useTranslations("settings.members");
  const api = useApi();
  const cached = useQueryClient();
  const withdraw = useMutation({
    ...withdrawInvitation(api),
    // It may have been accepted or withdrawn meanwhile.
    onSettled: () => cached.invalidateQueries({ queryKey: listInvitations(api).queryKey }),
    onSuccess: close,
  });
  return (
    <Confirm
      title={t("withdrawQuestion", { email: invitation.email })}
      consequence={t("withdrawConsequence")}
      keep={t("keepIt")}
      deed={t("withdraw")}
      doing={t("withdrawing")}
      busy={withdraw.isPending}
      error={withdraw.error}
      act={() => withdraw.mutate(invitation.invitation_id)}
      close={close}
    />
  );
}
