"use client";

import { listOrganizations, type Me } from "@dfworx/api";
import { useApi, useSwitchOrganization } from "@dfworx/api/react";
import { Menu, MenuChoice, MenuChoices, MenuItem, MenuLine } from "@dfworx/ui/Menu";
import { useQuery } from "@tanstack/react-query";
import { ChevronsUpDown, Plus } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";

import { OrganizationMark } from "./OrganizationMark";

export function OrganizationMenu({ organization }: { organization: Me["organization"] | undefined }) {
  const t = useTranslations("shell");
  const name = organization?.name ?? "";
  // Here and not in the menu, which goes away when something in it is chosen.
  const change = useSwitchOrganization();
  const choose = (slug: string) => {
    if (slug !== organization?.slug) change.mutate(slug, { onSuccess: () => window.location.assign("/posts") });
  };
  return (
    <Menu
      trigger={
        <button
          type="button"
          aria-busy={change.isPending || undefined}
          className="flex h-[38px] w-full items-center gap-[9px] rounded-sm px-2 text-base font-semibold text-ink hover:bg-hover focus-visible:rounded-sm max-lg:justify-center max-lg:px-0"
        >
          <OrganizationMark name={name} />
          <span className="min-w-0 grow truncate text-start max-lg:sr-only" dir="auto">
            {name}
          </span>
          <span className="sr-only">{t("organizationMenu")}</span>
          <ChevronsUpDown className="size-4 shrink-0 stroke-[1.75] text-ink-3 max-lg:hidden" aria-hidden />
        </button>
      }
    >
      <Organizations current={organization?.slug ?? ""} choose={choose} />
      <MenuItem asChild>
        <Link href="/sign-up">
          <Plus aria-hidden />
          {t("startOrganization")}
        </Link>
      </MenuItem>
    </Menu>
  );
}

/** Asked for when the menu opens. */
function Organizations({ current, choose }: { current: string; choose: (slug: string) => void }) {
  const { data: organizations = [] } = useQuery(listOrganizations(useApi()));
  if (organizations.length === 0) return null;
  return (
    <>
      <MenuChoices value={current} onValueChange={choose}>
        {organizations.map((each) => (
          <MenuChoice key={each.organization_id} value={each.slug}>
            {each.name}
          </MenuChoice>
        ))}
      </MenuChoices>
      <MenuLine />
    </>
  );
}
