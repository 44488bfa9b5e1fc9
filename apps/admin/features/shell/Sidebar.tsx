"use client";

import type { Me } from "@dfworx/api";
import { Avatar } from "@dfworx/ui/Avatar";
import clsx from "clsx";
import { ArrowLeft } from "lucide-react";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { useTranslations } from "next-intl";

import { GROUPS } from "./places";

/** Beside the sheet; on a phone a row above it that scrolls sideways. */
export function Sidebar({ me, isAdmin }: { me: Me | undefined; isAdmin: boolean }) {
  const t = useTranslations("shell");
  const pathname = usePathname();
  return (
    <nav aria-label={t("dashboard")} className="flex min-h-0 shrink-0 flex-col px-2.5 pt-1 pb-1 text-sm text-ink-2">
      <p className="flex h-10 min-w-0 items-center gap-1.5 px-2 text-ink">
        <span className="font-semibold">{t("admin")}</span>
        <span className="truncate text-ink-2" dir="auto">
          {me?.organization.name}
        </span>
        <a href="/posts" aria-label={t("back")} className="ms-auto grid size-11 place-items-center md:hidden">
          <ArrowLeft className="size-4 stroke-[1.75] text-ink-3 rtl:-scale-x-100" aria-hidden />
        </a>
      </p>
      <div className="flex min-h-0 gap-1 overflow-auto scroll-quiet md:grow md:flex-col md:gap-0">
        {isAdmin &&
          GROUPS.map(({ name, places }) => (
            <section key={name} aria-label={t(`groups.${name}`)} className="max-md:contents">
              <h2 className="mt-4 mb-1 px-2 text-xs leading-5 font-medium text-ink-3 max-md:hidden">
                {t(`groups.${name}`)}
              </h2>
              <ul className="flex gap-1 md:flex-col md:gap-0">
                {places.map(({ name: place, path, icon: Icon }) => {
                  const isHere = path === "/" ? pathname === path : pathname.startsWith(path);
                  return (
                    <li key={place}>
                      <Link
                        href={path}
                        prefetch={false}
                        aria-current={isHere ? "page" : undefined}
                        className={clsx(
                          "flex h-[30px] items-center gap-[9px] rounded-sm px-2 whitespace-nowrap focus-visible:rounded-sm pointer-coarse:h-11",
                          isHere ? "bg-selected font-medium text-ink" : "hover:bg-hover",
                        )}
                      >
                        <Icon
                          className={clsx("size-4 shrink-0 stroke-[1.75]", isHere ? "text-link" : "text-ink-3")}
                          aria-hidden
                        />
                        {t(`places.${place}`)}
                      </Link>
                    </li>
                  );
                })}
              </ul>
            </section>
          ))}
      </div>
      <a
        href="/posts"
        className="mt-2 flex h-[30px] items-center gap-[9px] rounded-sm px-2 hover:bg-hover max-md:hidden"
      >
        <ArrowLeft className="size-4 stroke-[1.75] text-ink-3 rtl:-scale-x-100" aria-hidden />
        {t("back")}
      </a>
      {me && (
        <p className="flex h-10 items-center gap-2 px-2 text-ink max-md:hidden">
          <Avatar person={me} decorative />
          <span className="truncate font-medium" dir="auto">
            {me.name}
          </span>
        </p>
      )}
    </nav>
  );
}
