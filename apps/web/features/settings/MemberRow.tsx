"use client";

import { ApiProblem, ROLES, type Member, type Role } from "@dfworx/api";
import { Avatar } from "@dfworx/ui/Avatar";
import { Badge } from "@dfworx/ui/Badge";
import { Button } from "@dfworx/ui/Button";
import { Menu, MenuItem, MenuLine } from "@dfworx/ui/Menu";
import { Select } from "@dfworx/ui/Select";
import { Ellipsis, UserRound, UserRoundX } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { useState } from "react";

import { Confirm } from "./Confirm";
import { useChangeMember } from "./memberCache";
import { SavedLine } from "./SavedLine";
import { useSaved } from "./useSaved";

/** A person: the name leads to their profile, the role is chosen here, and what shuts them out is asked first. */
export function MemberRow({ member, isMe }: { member: Member; isMe: boolean }) {
  const t = useTranslations("settings.members");
  const { standing, chooseRole, reactivate, reactivating } = useMemberDeeds(member);
  const [asking, ask] = useState<"deactivate" | Role | null>(null);
  return (
    <li className="border-t border-line py-2.5">
      <div className="flex items-center gap-3">
        <Avatar person={member} decorative />
        <div className="min-w-0 grow">
          <p className="flex flex-wrap items-center gap-x-2">
            <Link
              href={`/people/${member.user_id}`}
              dir="auto"
              className={`min-w-0 truncate font-medium hover:underline ${member.is_active ? "" : "text-ink-3"}`}
            >
              {member.name}
            </Link>
            {isMe && <Badge>{t("you")}</Badge>}
            {!member.is_active && <Badge tone="warning">{t("deactivated")}</Badge>}
          </p>
          <p className="truncate text-sm text-ink-3" title={member.email ?? undefined}>
            {member.email ?? t("imported")}
          </p>
        </div>
        {!member.is_active ? (
          <Button size="small" onClick={reactivate} busy={reactivating && t("reactivating")}>
            {t("reactivate")}
          </Button>
        ) : (
          member.email && (
            <RoleSelect
              member={member}
              choose={(role) => (isMe && member.role === "admin" ? ask(role) : chooseRole(role))}
            />
          )
        )}
        <MemberMenu member={member} mayDeactivate={member.is_active && !isMe} deactivate={() => ask("deactivate")} />
      </div>
      {standing.step !== "rest" && <SavedLine standing={standing} className="mt-1.5 justify-end" />}
      {asking === "deactivate" && <Deactivate member={member} close={() => ask(null)} />}
      {asking && asking !== "deactivate" && <StopBeingAdmin member={member} role={asking} close={() => ask(null)} />}
    </li>
  );
}

function RoleSelect({ member, choose }: { member: Member; choose: (role: Role) => void }) {
  const t = useTranslations("settings");
  return (
    <Select
      size="small"
      className="w-32 shrink-0"
      aria-label={t("members.roleOf", { name: member.name })}
      value={member.role}
      onChange={(event) => choose(event.target.value as Role)}
    >
      {ROLES.map((role) => (
        <option key={role} value={role}>
          {t(`roles.${role}`)}
        </option>
      ))}
    </Select>
  );
}

interface MemberMenuProps {
  member: Member;
  mayDeactivate: boolean;
  deactivate: () => void;
}

function MemberMenu({ member, mayDeactivate, deactivate }: MemberMenuProps) {
  const t = useTranslations("settings.members");
  return (
    <Menu
      align="end"
      trigger={
        <Button look="ghost" size="smallIcon" aria-label={t("moreFor", { name: member.name })}>
          <Ellipsis aria-hidden />
        </Button>
      }
    >
      <MenuItem asChild>
        <Link href={`/people/${member.user_id}`}>
          <UserRound aria-hidden />
          {t("profile")}
        </Link>
      </MenuItem>
      {mayDeactivate && (
        <>
          <MenuLine />
          <MenuItem danger icon={<UserRoundX aria-hidden />} onSelect={deactivate}>
            {t("deactivate")}
          </MenuItem>
        </>
      )}
    </Menu>
  );
}

function useMemberDeeds(member: Member) {
  const t = useTranslations("settings.members");
  const ahead = useChangeMember({ ahead: true });
  const slow = useChangeMember({ ahead: false });
  const { standing, saved, failed, rest } = useSaved();
  const chooseRole = async (role: Role, before?: Role) => {
    rest();
    try {
      await ahead.change(member, { role });
      saved(before && (() => void chooseRole(before)));
    } catch (error) {
      failed(error instanceof ApiProblem && error.code === "last_admin" ? t("lastAdmin") : error);
    }
  };
  const reactivate = async () => {
    rest();
    await slow.change(member, { is_active: true }).then(() => saved(), failed);
  };
  return {
    standing,
    chooseRole: (role: Role) => void chooseRole(role, member.role),
    reactivate: () => void reactivate(),
    reactivating: slow.isPending,
  };
}

function Deactivate({ member, close }: { member: Member; close: () => void }) {
  const t = useTranslations("settings.members");
  const { change, isPending, error } = useChangeMember({ ahead: false });
  return (
    <Confirm
      title={t("deactivateQuestion", { name: member.name })}
      consequence={t("deactivateConsequence")}
      keep={t("keep")}
      deed={t("deactivate")}
      doing={t("deactivating")}
      busy={isPending}
      error={error}
      act={() => void change(member, { is_active: false }).then(close, () => undefined)}
      close={close}
    />
  );
}

/** One can't take this back oneself. */
function StopBeingAdmin({ member, role, close }: { member: Member; role: Role; close: () => void }) {
  const t = useTranslations("settings");
  const { change, isPending, error } = useChangeMember({ ahead: false });
  const isLast = error instanceof ApiProblem && error.code === "last_admin";
  return (
    <Confirm
      title={t("members.stopQuestion")}
      consequence={t("members.stopConsequence", { role: t(`roles.${role}`) })}
      keep={t("members.stay")}
      deed={t("members.stop")}
      doing={t("members.stopping")}
      busy={isPending}
      error={isLast ? t("members.lastAdmin") : error}
      act={() =>
        void change(member, { role }).then(
          // A whole new page: what an admin sees is no longer theirs.
          () => window.location.assign("/settings/profile"),
          () => undefined,
        )
      }
      close={close}
    />
  );
}
