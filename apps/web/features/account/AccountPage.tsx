"use client";

import { getMe } from "@dfworx/api";
import { useApi } from "@dfworx/api/react";
import { Avatar } from "@dfworx/ui/Avatar";
import { Button } from "@dfworx/ui/Button";
import { useQuery } from "@tanstack/react-query";
import { ChevronRight, LogOut } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";

import { settingsFor } from "@/features/settings/places";
import { useLeaving } from "@/features/shell/Leaving";
import { Sheet } from "@/features/shell/Sheet";

/** You: the phone's way to what the sidebar's account menu and the column of settings have. */
export function AccountPage() {
  const t = useTranslations("shell");
  const settings = useTranslations("settings");
  const { data: me } = useQuery(getMe(useApi()));
  const leave = useLeaving();
  return (
    <Sheet title={t("you")}>
      <div className="w-full max-w-160 px-4 py-5 md:px-5">
        {me && (
          <Link
            href={`/people/${me.user_id}`}
            className="-mx-2 mb-3 flex items-center gap-3 rounded-md px-2 py-2 hover:bg-hover"
          >
            <Avatar person={me} size="large" decorative />
            <span className="min-w-0 grow">
              <span className="block truncate font-semibold" dir="auto">
                {me.name}
              </span>
              <span className="block truncate text-sm text-ink-3" dir="auto">
                {me.email} · {me.organization.name}
              </span>
            </span>
            <ChevronRight className="size-4 shrink-0 text-ink-3 rtl:-scale-x-100" aria-hidden />
          </Link>
        )}
        <nav aria-label={settings("title")}>
          <ul className="border-y border-line">
            {settingsFor(me?.role).map(({ name, href, icon: Icon }) => (
              <li key={name} className="not-first:border-t not-first:border-line">
                <Link href={href} className="-mx-2 flex min-h-12 items-center gap-3 rounded-md px-2 hover:bg-hover">
                  <Icon className="size-5 shrink-0 stroke-[1.75] text-ink-3" aria-hidden />
                  <span className="grow font-medium">{settings(`pages.${name}`)}</span>
                  <ChevronRight className="size-4 shrink-0 text-ink-3 rtl:-scale-x-100" aria-hidden />
                </Link>
              </li>
            ))}
          </ul>
        </nav>
        <div className="pt-5">
          <Button onClick={leave}>
            <LogOut aria-hidden />
            {t("signOut")}
          </Button>
        </div>
      </div>
    </Sheet>
  );
}
