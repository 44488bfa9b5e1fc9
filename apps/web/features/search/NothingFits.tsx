"use client";

import { Button } from "@dfworx/ui/Button";
import { EmptyState, NothingFound } from "@dfworx/ui/State";
import Link from "next/link";
import { useTranslations } from "next-intl";

import { pathOfNewPost } from "@/features/shell/paths";

import { hasFilters, type Address } from "./asked";
import { useFilterWords } from "./useFilterWords";

/** Before anything is searched: what can be found, and how. */
export function NothingSearched() {
  const t = useTranslations("finding.search");
  return <EmptyState title={t("beginTitle")}>{t("beginText")}</EmptyState>;
}

/** Names what was searched and what narrowed it, and offers the way out. A likely spelling was tried already. */
export function NothingFits({ address, go }: { address: Address; go: (address: Address) => void }) {
  const t = useTranslations("finding.search");
  const words = useFilterWords(address);
  const narrowed = [
    ...(address.kind ? [t(`kind.${address.kind}`)] : []),
    ...words.map((each) => `${each.label} ${each.value}`),
  ];
  return (
    <NothingFound
      title={t("nothingTitle", { words: address.q })}
      actions={
        narrowed.length > 0 ? (
          <Button onClick={() => go({ q: address.q })}>{t("searchAll")}</Button>
        ) : (
          <Button asChild>
            <Link href={pathOfNewPost(address.q)}>{t("writeIt")}</Link>
          </Button>
        )
      }
    >
      {address.kind === "person" && hasFilters(address)
        ? t("peopleByName")
        : narrowed.length > 0
          ? t("nothingNarrowed", { filters: narrowed.join(", ") })
          : t("nothingText")}
    </NothingFound>
  );
}
