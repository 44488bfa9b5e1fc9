"use client";

import { countUnreadPosts } from "@dfworx/api";
import { useApi } from "@dfworx/api/react";
import { Button } from "@dfworx/ui/Button";
import { useQuery } from "@tanstack/react-query";
import { CheckCheck } from "lucide-react";
import { useTranslations } from "next-intl";

import type { useReadingAll } from "./useReading";

/** Marks what was counted; on a phone by its icon. */
export function ReadAllButton({ all }: { all: ReturnType<typeof useReadingAll> }) {
  const t = useTranslations("posts");
  const { data: unread } = useQuery(countUnreadPosts(useApi()));
  if (!unread?.count) return null;
  return (
    <Button
      look="ghost"
      onClick={() => all.mutate(unread.until)}
      className="max-md:size-11 max-md:px-0! max-md:[&_svg]:size-5"
    >
      <CheckCheck aria-hidden />
      <span className="max-md:sr-only">{t("markAll")}</span>
    </Button>
  );
}
