"use client";

import { listPeople } from "@dfworx/api";
import type { Presence } from "@dfworx/api/live";
import { useApi } from "@dfworx/api/react";
import { Avatar } from "@dfworx/ui/Avatar";
import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";

const SHOWN = 3;

/** Who reads or writes a post now, as far as the connection has told this page; itself it asks for nothing live. */
export function WhoIsThere({ postId, me }: { postId: string; me: string | undefined }) {
  const t = useTranslations("together");
  const { data: here = [] } = useQuery({
    queryKey: ["live", "presence"],
    queryFn: () => [] as Presence[],
    enabled: false,
    select: (all) =>
      all
        .filter((each) => each.user_id !== me && each.state === "online" && each.places.includes(`post:${postId}`))
        .map((each) => each.user_id)
        .sort(),
  });
  const { data: people = [] } = useQuery({ ...listPeople(useApi()), enabled: here.length > 0 });
  const names = new Map(people.map((each) => [each.user_id, each.name]));
  if (here.length === 0) return null;
  const first = names.get(here[0] ?? "") ?? t("somebody");
  return (
    <span
      role="img"
      aria-label={t("are", { name: first, count: here.length, others: here.length - 1 })}
      className="flex shrink-0 items-center"
    >
      {here.slice(0, SHOWN).map((id) => (
        <Avatar
          key={id}
          person={{ user_id: id, name: names.get(id) ?? null }}
          size="small"
          decorative
          className="-ms-[5px] ring-[1.5px] ring-sheet first:ms-0"
        />
      ))}
      {here.length > SHOWN && <span className="ms-1 text-xs text-ink-3">+{here.length - SHOWN}</span>}
    </span>
  );
}
