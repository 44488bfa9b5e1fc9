"use client";

import { Button } from "@dfworx/ui/Button";
import { Tooltip } from "@dfworx/ui/Tooltip";
import { History } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";

import { pathOfRevisions } from "@/features/shell/paths";

/** In the header of a post: to what it said before. */
export function HistoryButton({ slug }: { slug: string }) {
  const t = useTranslations("revisions");
  return (
    <Tooltip text={t("open")}>
      <Button asChild look="ghost" size="icon" className="max-md:size-11 max-md:[&_svg]:size-5">
        <Link href={pathOfRevisions(slug)} aria-label={t("open")} prefetch={false}>
          <History aria-hidden />
        </Link>
      </Button>
    </Tooltip>
  );
}
