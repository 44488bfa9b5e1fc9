"use client";

/** The ways into the editor from other pages, for those who may write. Nothing of the editor itself is loaded here. */
import { getMe, type Post } from "@dfworx/api";
import { useApi } from "@dfworx/api/react";
import { Button } from "@dfworx/ui/Button";
import { useQuery } from "@tanstack/react-query";
import { Pencil, SquarePen } from "lucide-react";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";

import { NearLink } from "@/features/shell/NearLink";
import { pathOfEditor } from "@/features/shell/paths";
import { useShortcut } from "@/features/shortcuts/Shortcuts";

import { mayWrite } from "./rights";

export function NewPostButton() {
  const t = useTranslations("editor");
  const { data: me } = useQuery(getMe(useApi()));
  if (!me || !mayWrite(null, me)) return null;
  return (
    <Button asChild look="primary" className="max-md:size-11 max-md:px-0!">
      <NearLink href="/posts/new">
        <SquarePen aria-hidden />
        <span className="max-md:sr-only">{t("newTitle")}</span>
      </NearLink>
    </Button>
  );
}

export function EditButton({ post }: { post: Pick<Post, "slug" | "author" | "status" | "visibility" | "editors"> }) {
  const t = useTranslations("editor");
  const router = useRouter();
  const { data: me } = useQuery(getMe(useApi()));
  const isOpen = me && mayWrite(post, me);
  const href = pathOfEditor(post.slug);
  useShortcut("edit", () => isOpen && router.push(href));
  if (!isOpen) return null;
  return (
    <Button asChild>
      <NearLink href={href} aria-keyshortcuts="E">
        <Pencil aria-hidden />
        {t("edit")}
      </NearLink>
    </Button>
  );
}
