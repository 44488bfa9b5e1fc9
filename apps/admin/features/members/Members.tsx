"use client";

import { listAdminMembers, type AdminShapes } from "@dfworx/api/admin";
import { useApi } from "@dfworx/api/react";
import { Avatar } from "@dfworx/ui/Avatar";
import { Badge } from "@dfworx/ui/Badge";
import { Button } from "@dfworx/ui/Button";
import { Checkbox } from "@dfworx/ui/Checkbox";
import { NothingFound } from "@dfworx/ui/State";
import { Time } from "@dfworx/ui/time/Time";
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { Download } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";

import { Asked } from "@/features/shell/Asked";
import { More } from "@/features/shell/More";
import { Page } from "@/features/shell/Page";
import { SearchField } from "@/features/shell/SearchField";
import { useTyped } from "@/features/shell/useTyped";

import { MemberMenu } from "./MemberMenu";
import { Sessions } from "./Sessions";
import { useChanging, type Change } from "./useChanging";

type Member = AdminShapes["Member"];

/** Everybody; one or many at once get another role, are let in or kept out. */
export function Members() {
  const t = useTranslations("members");
  const [typed, setTyped, words] = useTyped();
  const members = useInfiniteQuery({
    ...listAdminMembers(useApi(), words ? { q: words } : {}),
    placeholderData: keepPreviousData,
  });
  const [chosen, choose] = useState<ReadonlySet<string>>(new Set());
  const [looked, lookAt] = useState<Member | null>(null);
  const { change, problem } = useChanging();
  const toggle = (id: string, isChosen: boolean) => {
    const next = new Set(chosen);
    if (isChosen) next.add(id);
    else next.delete(id);
    choose(next);
  };
  const changeChosen = (wanted: Change) => {
    change([...chosen], wanted);
    choose(new Set());
  };
  return (
    <Page
      title={t("title")}
      actions={
        <>
          <SearchField label={t("search")} value={typed} onType={setTyped} />
          <Button asChild>
            <a href="/api/admin/members/export?format=csv" download>
              <Download aria-hidden />
              {t("export")}
            </a>
          </Button>
          <Button asChild>
            <a href="/settings/members">{t("invite")}</a>
          </Button>
        </>
      }
    >
      {problem && (
        <p role="alert" className="mb-3 text-sm text-danger">
          {t("notChanged", { reason: problem })}
        </p>
      )}
      <p role="status" className="mb-3 flex min-h-8 items-center gap-3 text-sm text-ink-2">
        {t("chosen", { count: chosen.size })}
        {chosen.size > 0 && (
          <>
            <MemberMenu label={t("changeChosen")} change={changeChosen} />
            <Button size="small" look="ghost" onClick={() => choose(new Set())}>
              {t("chooseNone")}
            </Button>
          </>
        )}
      </p>
      <Asked query={members}>
        {({ pages }) =>
          pages[0]?.items.length === 0 ? (
            <NothingFound title={t("noneTitle")}>{t("none")}</NothingFound>
          ) : (
            <ul className="overflow-hidden rounded-md border border-line">
              {pages
                .flatMap((page) => page.items)
                .map((member) => (
                  <Row
                    key={member.user_id}
                    member={member}
                    isChosen={chosen.has(member.user_id)}
                    onChoose={(isChosen) => toggle(member.user_id, isChosen)}
                    onLook={() => lookAt(member)}
                    change={(wanted) => change([member.user_id], wanted)}
                  />
                ))}
            </ul>
          )
        }
      </Asked>
      <More query={members} />
      {looked && <Sessions member={looked} onClose={() => lookAt(null)} />}
    </Page>
  );
}

interface RowProps {
  member: Member;
  isChosen: boolean;
  onChoose: (isChosen: boolean) => void;
  onLook: () => void;
  change: (wanted: Change) => void;
}

function Row({ member, isChosen, onChoose, onLook, change }: RowProps) {
  const t = useTranslations("members");
  const { name, email, role, is_active, origin, created_at } = member;
  return (
    <li className="flex min-h-13 items-center gap-3 border-b border-line px-3 py-2 last:border-b-0">
      <Checkbox
        label={<span className="sr-only">{t("choose", { name })}</span>}
        checked={isChosen}
        onChange={onChoose}
      />
      <Avatar person={member} decorative />
      <span className="flex min-w-0 grow flex-col">
        <span className="flex min-w-0 items-center gap-2">
          <span className="truncate font-medium" dir="auto">
            {name}
          </span>
          {!is_active && <Badge>{t("inactive")}</Badge>}
          {origin === "imported" && <Badge>{t("imported")}</Badge>}
        </span>
        <span className="truncate text-xs text-ink-3">{email}</span>
      </span>
      <span className="text-sm text-ink-2 max-md:hidden">{t(`roles.${role}`)}</span>
      <Time at={created_at} className="w-24 text-end text-xs text-ink-3 max-md:hidden" />
      <MemberMenu
        label={t("change", { name })}
        isSmall
        role={role}
        isActive={is_active}
        change={change}
        onLook={onLook}
      />
    </li>
  );
}
