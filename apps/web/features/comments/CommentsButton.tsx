"use client";

import type { Post } from "@dfworx/api";
import { shownCount } from "@dfworx/ui/Badge";
import { Button } from "@dfworx/ui/Button";
import { Tooltip } from "@dfworx/ui/Tooltip";
import { MessageSquareText } from "lucide-react";
import { useTranslations } from "next-intl";

import { useBeside } from "@/features/beside/BesidePost";

import { prepareComments } from "./laterComments";
import { useComments } from "./useComments";

/** In the header of the post: opens and closes them, and says how many there are. */
export function CommentsButton({ post }: { post: Post }) {
  const t = useTranslations("comments");
  const { open, show, close } = useBeside();
  const isOpen = open === "comments";
  const { count } = useComments(post, { enabled: false });
  return (
    <Tooltip text={isOpen ? t("hide") : t("show")} shortcut="]">
      <Button
        look="ghost"
        aria-label={count > 0 ? t("button", { count }) : t("title")}
        aria-expanded={isOpen}
        onPointerEnter={prepareComments}
        onFocus={prepareComments}
        onClick={() => (isOpen ? close() : show("comments"))}
        className="min-w-(--ctl) px-2 max-md:min-w-11 max-md:[&_svg]:size-5"
      >
        <MessageSquareText aria-hidden />
        {count > 0 && <span className="text-xs tabular-nums">{shownCount(count)}</span>}
      </Button>
    </Tooltip>
  );
}
