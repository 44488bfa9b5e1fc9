"use client";

import clsx from "clsx";
import { usePathname } from "next/navigation";
import { useTranslations } from "next-intl";

import { UnreadCount } from "@/features/notifications/UnreadCount";
import { UnreadChat } from "@/features/presence/UnreadChat";

import { NearLink } from "./NearLink";
import { PLACES } from "./places";

/** The phone's navigation, at the thumb. */
export function TabBar() {
  const t = useTranslations("shell");
  const pathname = usePathname();
  // A thread has all of the screen: its composer is where the thumb is.
  if (pathname.startsWith("/chat/")) return null;
  const places = PLACES.filter((place) => place.onPhone).sort(
    (one, other) => (one.onPhone ?? 0) - (other.onPhone ?? 0),
  );
  return (
    <nav
      aria-label={t("mainPages")}
      className="grid h-[calc(var(--tabs-h)+env(safe-area-inset-bottom))] shrink-0 auto-cols-fr grid-flow-col border-t border-line bg-desk pb-[env(safe-area-inset-bottom)] md:hidden"
    >
      {places.map(({ name, href, icon: Icon }) => {
        const current = pathname === href || pathname.startsWith(`${href}/`);
        return (
          <NearLink
            key={name}
            href={href}
            aria-current={current ? "page" : undefined}
            className={clsx(
              "relative flex flex-col items-center justify-center gap-[3px] text-2xs font-medium focus-visible:-outline-offset-2",
              current ? "text-link" : "text-ink-3",
            )}
          >
            <Icon className="size-[22px] stroke-[1.75]" aria-hidden />
            {t(name)}
            {name === "inbox" && <UnreadCount onTab />}
            {name === "chat" && <UnreadChat onTab />}
          </NearLink>
        );
      })}
    </nav>
  );
}
