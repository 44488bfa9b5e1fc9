"use client";

import { getMe } from "@dfworx/api";
import { useApi } from "@dfworx/api/react";
import { useQuery } from "@tanstack/react-query";
import clsx from "clsx";
import { ChevronLeft } from "lucide-react";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";

import { Sheet } from "@/features/shell/Sheet";

import { SETTINGS, settingsFor } from "./places";

/** One sheet for all pages of settings. On a phone the way back is You, which lists them. */
export function SettingsFrame({ children }: { children: ReactNode }) {
  const t = useTranslations("settings");
  const pathname = usePathname();
  const current = SETTINGS.find((each) => each.href === pathname);
  return (
    <Sheet
      isTrail
      title={
        <div className="flex items-center gap-1">
          <Link
            href="/you"
            aria-label={t("back")}
            className="-ms-3 grid size-11 place-items-center rounded-sm text-ink-2 hover:bg-hover md:hidden"
          >
            <ChevronLeft className="size-5 stroke-[1.75] rtl:-scale-x-100" aria-hidden />
          </Link>
          <span className="me-1 text-ink-3 max-md:hidden">
            {t("title")} <span aria-hidden>/</span>
          </span>
          <h1 className="text-[1.0625rem] font-semibold tracking-[-0.005em] md:text-base">
            {current ? t(`pages.${current.name}`) : t("title")}
          </h1>
        </div>
      }
    >
      <div className="grow md:grid md:grid-cols-[224px_minmax(0,1fr)]">
        <SettingsNav pathname={pathname} />
        <div className="w-full max-w-180 px-4 pt-5 pb-16 md:px-8">{children}</div>
      </div>
    </Sheet>
  );
}

function SettingsNav({ pathname }: { pathname: string }) {
  const t = useTranslations("settings");
  const { data: me } = useQuery(getMe(useApi()));
  return (
    <nav aria-label={t("title")} className="border-e border-line px-2.5 py-4 text-sm max-md:hidden">
      <ul className="sticky top-4">
        {settingsFor(me?.role).map(({ name, href, icon: Icon }) => (
          <li key={name}>
            <Link
              href={href}
              aria-current={href === pathname ? "page" : undefined}
              className={clsx(
                "flex h-[30px] items-center gap-[9px] rounded-sm px-2 focus-visible:rounded-sm pointer-coarse:h-11",
                href === pathname ? "bg-selected font-medium text-ink" : "text-ink-2 hover:bg-hover",
              )}
            >
              <Icon
                className={clsx("size-4 shrink-0 stroke-[1.75]", href === pathname ? "text-link" : "text-ink-3")}
                aria-hidden
              />
              <span className="truncate">{t(`pages.${name}`)}</span>
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
