"use client";

import { getMe } from "@dfworx/api";
import { useApi } from "@dfworx/api/react";
import { Button } from "@dfworx/ui/Button";
import { useQuery } from "@tanstack/react-query";
import { UserPlus } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";

import { InviteDialog } from "./InviteDialog";
import { MemberList } from "./MemberList";
import { Part } from "./SettingRow";
import { WaitingInvitations } from "./WaitingInvitations";

/** For admins: who is here, who is asked in, and what each may do. */
export function MemberSettings() {
  const t = useTranslations("settings.members");
  const { data: me } = useQuery(getMe(useApi()));
  const [inviting, invite] = useState(false);
  return (
    <>
      <div className="mb-6 flex flex-wrap items-start justify-between gap-3">
        <p className="max-w-[60ch] shrink basis-96 text-sm text-ink-3">
          {t("lead", { organization: me?.organization.name ?? "" })}
        </p>
        <Button look="primary" onClick={() => invite(true)}>
          <UserPlus aria-hidden />
          {t("invite")}
        </Button>
      </div>
      <WaitingInvitations />
      <Part title={t("title")}>
        <MemberList me={me} />
      </Part>
      {inviting && <InviteDialog close={() => invite(false)} />}
    </>
  );
}
