"use client";

import { listCategories } from "@dfworx/api";
import { useApi } from "@dfworx/api/react";
import { Button } from "@dfworx/ui/Button";
import { Menu, MenuChoice, MenuChoices } from "@dfworx/ui/Menu";
import { useQuery } from "@tanstack/react-query";
import { ChevronDown, Folder } from "lucide-react";
import { useTranslations } from "next-intl";

const NONE = " ";

export function CategoryMenu({ category, choose }: { category: string | null; choose: (slug: string | null) => void }) {
  const t = useTranslations("editor");
  const { data: categories = [] } = useQuery(listCategories(useApi()));
  if (categories.length === 0) return null;
  const name = categories.find((each) => each.slug === category)?.name ?? category;
  return (
    <Menu
      align="start"
      trigger={
        <Button look="ghost" size="small" aria-label={t("categoryNow", { name: name ?? t("noCategory") })}>
          <Folder aria-hidden />
          <span className="max-w-48 truncate" dir="auto">
            {name ?? t("noCategory")}
          </span>
          <ChevronDown aria-hidden />
        </Button>
      }
    >
      <MenuChoices value={category ?? NONE} onValueChange={(slug) => choose(slug === NONE ? null : slug)}>
        <MenuChoice value={NONE}>{t("noCategory")}</MenuChoice>
        {categories.map((each) => (
          <MenuChoice key={each.category_id} value={each.slug}>
            {each.name}
          </MenuChoice>
        ))}
      </MenuChoices>
    </Menu>
  );
}
