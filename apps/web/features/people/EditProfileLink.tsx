"use client";

import { getMe } from "@dfworx/api";
import { useApi } from "@dfworx/api/react";
import { Button } from "@dfworx/ui/Button";
import { useQuery } from "@tanstack/react-query";
import { Pencil } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";

/** On one's own page. */
export function EditProfileLink({ userId }: { userId: string }) {
  const t = useTranslations("people");
  const { data: me } = useQuery(getMe(useApi()));
  if (me?.user_id !== userId) return null;
  return (
    <Button asChild>
      <Link href="/settings/profile">
        <Pencil aria-hidden />
        {t("edit")}
      </Link>
    </Button>
  );
}
