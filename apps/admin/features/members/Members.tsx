"use client";

import { ROLES, updateMember, type MemberChange, type Role } from "@dfworx/api";
import { listAdminMembers, type AdminShapes } from "@dfworx/api/admin";
import { useApi } from "@dfworx/api/react";
import { Avatar } from "@dfworx/ui/Avatar";
import { Badge } from "@dfworx/ui/Badge";
import { Button } from "@dfworx/ui/Button";
import { Input } from "@dfworx/ui/Field";
import { Menu, MenuItem, MenuLine } from "@dfworx/ui/Menu";
import { NothingFound } from "@dfworx/ui/State";
import { Time } from "@dfworx/ui/time/Time";
import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { Download, Ellipsis } from "lucide-react";
import { useTranslations } from "next-intl";

import { Asked } from "@/features/shell/Asked";
import { More } from "@/features/shell/More";
import { Page } from "@/features/shell/Page";
import { useTyped } from "@/features/shell/useTyped";

type Member = AdminShapes["Member"];

export function Members() {
  const t = useTranslations("members");
  const api = useApi();
  const [typed, setTyped, words] = useTyped();
  const members = useInfiniteQuery(listAdminMembers(api, words ? { q: words } : {}));
  const changing = useChanging();
  return (
    <Page
      title={t("title")}
      actions={
        <>
          <span className="w-full md:w-60">
            <Input
              type="search"
              aria-label={t("search")}
              placeholder={t("search")}
              value={typed}
              maxLength={100}
              onChange={(event) => setTyped(event.target.value)}
            />
          </span>
          <Button asChild>
            <a href="/api/admin/members/export?format=csv" download>
              <Download aria-hidden />
              {t("export")}
            </a>
          </Button>
        </>
      }
    >
      {changing.error && (
        <p role="alert" className="mb-3 text-sm text-danger">
          {t("notChanged", { reason: changing.error.message })}
        </p>
      )}
      <Asked query={members}>
        {({ pages }) =>
          pages[0]?.items.length === 0 ? (
            <NothingFound title={t("noneTitle")}>{t("none")}</NothingFound>
          ) : (
            <ul className="overflow-hidden rounded-md border border-line">
              {pages
                .flatMap((page) => page.items)
                .map((member) => (
                  <Row key={member.user_id} member={member} change={changing.mutate} />
                ))}
            </ul>
          )
        }
      </Asked>
      <More query={members} />
    </Page>
  );
}

function useChanging() {
  const api = useApi();
  const cached = useQueryClient();
  return useMutation({
    ...updateMember(api),
    onSettled: () => cached.invalidateQueries({ queryKey: ["admin", "members"] }),
  });
}

function Row({ member, change }: { member: Member; change: (change: MemberChange) => void }) {
  const t = useTranslations("members");
  const { user_id, name, email, role, is_active, origin, created_at } = member;
  return (
    <li className="flex min-h-13 items-center gap-3 border-b border-line px-3 py-2 last:border-b-0">
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
      <Menu
        align="end"
        trigger={
          <Button look="ghost" size="icon" aria-label={t("change", { name })}>
            <Ellipsis aria-hidden />
          </Button>
        }
      >
        {ROLES.filter((each: Role) => each !== role).map((each) => (
          <MenuItem key={each} onSelect={() => change({ user_id, role: each })}>
            {t("make", { role: t(`roles.${each}`) })}
          </MenuItem>
        ))}
        <MenuLine />
        <MenuItem danger={is_active} onSelect={() => change({ user_id, is_active: !is_active })}>
          {is_active ? t("deactivate") : t("activate")}
        </MenuItem>
      </Menu>
    </li>
  );
}
