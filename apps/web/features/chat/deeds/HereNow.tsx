"use client";

import type { Presence, ThreadId } from "@dfworx/api/live";
import { Avatar } from "@dfworx/ui/Avatar";
import { Tooltip } from "@dfworx/ui/Tooltip";
import { skipToken, useQuery } from "@tanstack/react-query";
import { useFormatter, useTranslations } from "next-intl";

import type { People } from "../message";

const MOST = 4;
const MOST_NAMED = 12;

/** Who has this thread open; features/presence fills the cache. */
export function HereNow({ threadId, people }: { threadId: ThreadId; people: People }) {
  const t = useTranslations("deeds");
  const format = useFormatter();
  const { data: presence = [] } = useQuery<Presence[]>({ queryKey: ["live", "presence"], queryFn: skipToken });
  const here = presence
    .filter((each) => each.places.includes(`thread:${threadId}`))
    .map(({ user_id }) => ({ user_id, name: people.get(user_id)?.name ?? t("somebody") }));
  if (here.length === 0) return null;
  const named = here.slice(0, MOST_NAMED).map((each) => each.name);
  const unnamed = here.length - named.length;
  const names = format.list(unnamed > 0 ? [...named, t("others", { count: unnamed })] : named);
  return (
    <Tooltip text={t("hereNow", { names })}>
      <span role="img" aria-label={t("hereNow", { names })} className="me-1.5 flex items-center max-md:hidden">
        {here.slice(0, MOST).map((person) => (
          <Avatar key={person.user_id} person={person} decorative className="-ms-[5px] first:ms-0 ring-2 ring-sheet" />
        ))}
        {here.length > MOST && <span className="ms-1 text-xs text-ink-3 tabular-nums">+{here.length - MOST}</span>}
      </span>
    </Tooltip>
  );
}
