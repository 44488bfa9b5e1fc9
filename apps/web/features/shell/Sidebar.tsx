"use client";

import { getMe, listCategories, type Category } from "@dfworx/api";
import { useApi } from "@dfworx/api/react";
import { Tooltip } from "@dfworx/ui/Tooltip";
import { useQuery } from "@tanstack/react-query";
import clsx from "clsx";
import { Folder, type LucideIcon } from "lucide-react";
import { usePathname, useSearchParams } from "next/navigation";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";

import { ambient } from "@/features/live/laterAmbient";
import { UnreadCount } from "@/features/notifications/UnreadCount";
import { FindButton } from "@/features/palette/FindButton";
import { UnreadChat } from "@/features/presence/UnreadChat";
import { UnreadPosts } from "@/features/reads/UnreadPosts";

import { AccountMenu } from "./AccountMenu";
import { NearLink } from "./NearLink";
import { OrganizationMenu } from "./OrganizationMenu";
import { isCurrent, PLACES } from "./places";
import { pathOfCategory } from "./paths";

const INDENT = ["", "ps-6", "ps-10", "ps-14", "ps-18"];

export function Sidebar() {
  const t = useTranslations("shell");
  const api = useApi();
  const { data: me } = useQuery(getMe(api));
  const { data: categories = [] } = useQuery(listCategories(api));
  const pathname = usePathname();
  const search = useSearchParams();
  const live = ambient.useLoaded();
  return (
    <nav
      aria-label={t("workspace")}
      className="flex min-h-0 flex-col px-2 pt-0.5 pb-1 text-sm text-ink-2 max-md:hidden lg:px-2.5"
    >
      <OrganizationMenu organization={me?.organization} />
      <FindButton />
      <div className="-mx-1 mt-2 flex min-h-0 grow flex-col overflow-y-auto scroll-quiet px-1 pt-0.5">
        <ul>
          {PLACES.filter((place) => !place.notInSidebar).map(({ name, href, icon }) => (
            <Item key={name} href={href} icon={icon} label={t(name)} current={isCurrent(href, pathname, search)}>
              {name === "inbox" && <UnreadCount />}
              {name === "posts" && <UnreadPosts />}
              {name === "chat" && <UnreadChat />}
            </Item>
          ))}
        </ul>
        {categories.length > 0 && (
          <>
            <h2 className="mt-4 mb-1 px-2 text-xs leading-5 font-medium text-ink-3 max-lg:sr-only">
              {t("categories")}
            </h2>
            <ul className="max-lg:hidden">
              {categories.map((category) => (
                <CategoryItem
                  key={category.category_id}
                  category={category}
                  current={pathname === "/posts" && search.get("category") === category.slug}
                />
              ))}
            </ul>
          </>
        )}
      </div>
      {live && <live.Here />}
      <AccountMenu me={me} />
    </nav>
  );
}

function CategoryItem({ category, current }: { category: Category; current: boolean }) {
  const href = pathOfCategory(category.slug);
  return (
    <Item href={href} icon={Folder} label={category.name} current={current} className={INDENT[category.depth - 1]} />
  );
}

interface ItemProps {
  href: string;
  icon: LucideIcon;
  label: string;
  current: boolean;
  className?: string | undefined;
  /** After the name, such as a count. */
  children?: ReactNode;
}

function Item({ href, icon: Icon, label, current, className, children }: ItemProps) {
  return (
    <li>
      <Tooltip text={label} side="right" className="lg:hidden">
        <NearLink
          href={href}
          aria-current={current ? "page" : undefined}
          className={clsx(
            "relative flex h-[30px] items-center gap-[9px] rounded-sm px-2 focus-visible:rounded-sm max-lg:h-9 max-lg:justify-center pointer-coarse:h-11",
            current ? "bg-selected font-medium text-ink" : "hover:bg-hover",
            className,
          )}
        >
          <Icon className={clsx("size-4 shrink-0 stroke-[1.75]", current ? "text-link" : "text-ink-3")} aria-hidden />
          <span className="min-w-0 truncate max-lg:sr-only" dir="auto">
            {label}
          </span>
          {children}
        </NearLink>
      </Tooltip>
    </li>
  );
}
