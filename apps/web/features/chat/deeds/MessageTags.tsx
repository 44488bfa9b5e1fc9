"use client";

import { live, type Message } from "@dfworx/api/live";
import { Badge } from "@dfworx/ui/Badge";
import { useQuery } from "convex/react";
import { useTranslations } from "next-intl";

import { Boundary } from "@/features/shell/Boundary";

/** The tags of a message with their group; a decision stands out. */
export function MessageTags({ tags }: { tags: Message["tags"] }) {
  return (
    <Boundary fallback={() => null}>
      <Badges tags={tags} />
    </Boundary>
  );
}

function Badges({ tags }: { tags: Message["tags"] }) {
  const t = useTranslations("deeds.groups");
  const known = useQuery(live.tags.list) ?? [];
  return known
    .filter((each) => tags.includes(each.tag_id))
    .map(({ tag_id, group, name }) => (
      <Badge key={tag_id} tone={group === "decision" ? "petrol" : "neutral"}>
        <span className={group === "decision" ? undefined : "font-normal text-ink-3"}>{t(group)}</span>
        <bdi className={group === "decision" ? undefined : "text-ink"}>{name}</bdi>
      </Badge>
    ));
}
