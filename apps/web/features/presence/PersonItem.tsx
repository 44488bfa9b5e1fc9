"use client";

import { getPostAddress } from "@dfworx/api";
import { useApi } from "@dfworx/api/react";
import { Avatar } from "@dfworx/ui/Avatar";
import { MenuItem } from "@dfworx/ui/Menu";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useTranslations } from "next-intl";

import { useLive } from "@/features/live/cache";
import { pathOfPerson, pathOfPost, pathOfThread } from "@/features/shell/paths";

import { idIn } from "./place";
import { nameOfThread } from "./threads";
import type { PersonHere } from "./useWhoIsHere";

/** Leads to where they are, or to who they are. */
export function PersonItem({ person }: { person: PersonHere }) {
  const t = useTranslations("presence");
  const place = usePlaceOf(person);
  const state = t(`states.${person.state}`);
  return (
    <MenuItem asChild textValue={person.name}>
      <Link href={place?.href ?? pathOfPerson(person.user_id)} className="py-1">
        <Avatar person={person} decorative presence={person.state} className="[--mark-ground:var(--raised)]" />
        <span className="min-w-0 grow">
          <span className="block truncate text-start" dir="auto">
            {person.name}
          </span>
          <span className="block truncate text-start text-xs text-ink-3" dir="auto">
            {place && person.state === "online"
              ? place.label
              : place
                ? t("stateAndPlace", { state, place: place.label })
                : state}
          </span>
        </span>
      </Link>
    </MenuItem>
  );
}

/** The first of them that has a name here. */
function usePlaceOf({ places }: PersonHere): { href: string; label: string } | null {
  const t = useTranslations("presence");
  const threads = useLive("threads") ?? [];
  const everyone = t("everyone");
  const postId = places.map((each) => idIn(each, "post")).find((each) => each !== null);
  const { data: post } = useQuery({ ...getPostAddress(useApi(), postId ?? ""), enabled: postId !== undefined });
  if (post) return { href: pathOfPost(post.slug), label: t("onPost", { title: post.title }) };
  for (const place of places) {
    const threadId = idIn(place, "thread");
    const thread = threads.find((each) => each.thread_id === threadId);
    if (thread)
      return { href: pathOfThread(thread.thread_id), label: t("inThread", { name: nameOfThread(thread, everyone) }) };
  }
  return null;
}
