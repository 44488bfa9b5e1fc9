"use client";

import { searchPeople, listPeople } from "@dfworx/api";
import { useApi } from "@dfworx/api/react";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useDeferredValue, useState, type KeyboardEvent } from "react";

import { askedAt, matching, mentionOf, withMention, type Asked } from "./mention";

interface Options {
  text: string;
  change: (text: string, caret: number) => void;
}

/** People to name at the caret. Those at hand answer in the same frame; in a large organization the rest join. */
export function useMentions({ text, change }: Options) {
  const [asked, ask] = useState<Asked | null>(null);
  const [caret, setCaret] = useState(0);
  const [chosen, choose] = useState(0);
  const api = useApi();
  const name = useDeferredValue(asked?.name.trim() ?? "");
  const all = useQuery({ ...listPeople(api), enabled: asked !== null });
  const more = useQuery({
    ...searchPeople(api, name),
    enabled: asked !== null && name.length > 1 && (all.data?.length ?? 0) >= 100,
    placeholderData: keepPreviousData,
  });
  const known = new Map([...(all.data ?? []), ...(more.data ?? [])].map((each) => [each.user_id, each]));
  // Who was imported has no account, and isn't told: they come last.
  const people = [...known.values()]
    .filter((each) => each.is_active)
    .sort((one, other) => Number(one.email === null) - Number(other.email === null));
  const found = asked ? matching(people, asked.name) : [];
  const at = Math.min(chosen, Math.max(0, found.length - 1));

  const insert = (person: (typeof found)[number]) => {
    if (!asked) return;
    const next = withMention(text, caret, asked, mentionOf(person, people));
    ask(null);
    change(next.text, next.caret);
  };
  return {
    people: found,
    chosen: at,
    choose,
    insert,
    /** Nobody has that name, and it isn't only that they haven't been read yet. */
    isOpen: asked !== null && found.length > 0,
    look(value: string, where: number) {
      const now = askedAt(value, where);
      if (now?.at !== asked?.at || now?.name !== asked?.name) choose(0);
      setCaret(where);
      ask(now);
    },
    close: () => ask(null),
    /** True when the key was meant for the list. */
    onKeyDown(event: KeyboardEvent): boolean {
      const person = found[at];
      if (!asked || !person || event.nativeEvent.isComposing) return false;
      const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
      if (step) choose((at + step + found.length) % found.length);
      else if ((event.key === "Enter" && !event.shiftKey) || event.key === "Tab") insert(person);
      else if (event.key === "Escape") ask(null);
      else return false;
      event.preventDefault();
      event.stopPropagation();
      return true;
    },
  };
}
