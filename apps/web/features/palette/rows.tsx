"use client";

import { listCategories, searchAsTyped, type Found, type FoundPerson, type Me } from "@dfworx/api";
import { useApi } from "@dfworx/api/react";
import { Avatar } from "@dfworx/ui/Avatar";
import { useQuery } from "@tanstack/react-query";
import { FileText } from "lucide-react";
import { useTranslations } from "next-intl";

import { foundText } from "@/features/search/foundText";
import { useFoundMessages, type FoundMessage } from "@/features/search/messages";
import { Parts } from "@/features/search/Parts";
import { useThreadName } from "@/features/search/useThreadName";
import { pathOfComment, pathOfPerson, pathOfPost, pathOfThread } from "@/features/shell/paths";
import { Time } from "@dfworx/ui/time/Time";

import { useDeeds } from "./deeds";
import { readRecent } from "./recent";
import type { Row } from "./row";

export interface Group {
  name: "recent" | "places" | "posts" | "messages" | "comments" | "people" | "do";
  rows: Row[];
}

const MOST = 8;
/** They come last, and of them the most. */
const MOST_MESSAGES = 5;

interface Offer {
  groups: Group[];
  /** The service hasn't answered yet, and nothing that is shown is an answer. */
  waiting: boolean;
  /** Messages, which come another way, haven't come yet. */
  messagesWaiting: boolean;
  failed: boolean;
  corrected: string | null;
}

/** What is offered for these words. `asked` lags behind what is typed, so that not each letter is a question. */
export function useOffer(words: string, asked: string, me: Me | undefined, showShortcuts: () => void): Offer {
  const t = useTranslations("finding.roles");
  const api = useApi();
  const search = useQuery({ ...searchAsTyped(api, asked), placeholderData: (before) => (asked ? before : undefined) });
  const { data: categories } = useQuery(listCategories(api));
  const messages = useFoundMessages({ text: asked, keeps: true });
  const threadOf = useThreadName();
  const { places, deeds } = useDeeds(words, showShortcuts);
  if (!words) {
    const recent = readRecent(me).map(({ href, title }) => ({
      key: `recent:${href}`,
      label: title,
      icon: <FileText aria-hidden />,
      href,
    }));
    return { groups: filled([named("recent", recent), named("places", places), named("do", deeds)]), ...NOTHING };
  }
  const found = asked && search.data ? search.data.items : [];
  const names = new Map(categories?.map((each) => [each.slug, each.name]));
  const groups: Group[] = [named("posts", []), named("comments", []), named("people", [])];
  for (const item of found) {
    const group = groups[{ post: 0, comment: 1, person: 2 }[item.kind]];
    if (group && group.rows.length < MOST) group.rows.push(rowOf(item, names, (role) => t(role)));
  }
  const said = (asked ? (messages.items ?? []) : []).slice(0, MOST_MESSAGES);
  groups.splice(
    1,
    0,
    named(
      "messages",
      said.map((each) => rowOfMessage(each, asked, threadOf(each.thread))),
    ),
  );
  // Somebody whose name it is stands first.
  if (found[0]?.kind === "person") groups.unshift(...groups.splice(3, 1));
  return {
    groups: filled([...groups, named("places", places), named("do", deeds)]),
    waiting: asked !== words || search.isPending || search.isPlaceholderData,
    messagesWaiting: asked !== words || messages.isWaiting,
    failed: search.isError,
    corrected: asked && !search.isPlaceholderData ? (search.data?.corrected ?? null) : null,
  };
}

const NOTHING = { waiting: false, messagesWaiting: false, failed: false, corrected: null };

function named(name: Group["name"], rows: Row[]): Group {
  return { name, rows };
}

function filled(groups: Group[]): Group[] {
  return groups.filter((group) => group.rows.length > 0);
}

function rowOfMessage({ message, author }: FoundMessage, words: string, thread: string): Row {
  const parts = foundText(message.text, words);
  return {
    key: `message:${message.message_id}`,
    label: parts.map((part) => part.text).join(""),
    shown: <Parts parts={parts} />,
    icon: <Avatar person={author} size="small" decorative />,
    aside: (
      <>
        <span className="max-w-44 truncate" dir="auto">
          {thread}
        </span>
        <span aria-hidden>·</span>
        <Time at={new Date(message.sent_at).toISOString()} />
      </>
    ),
    href: pathOfThread(message.thread_id, message.number),
  };
}

function rowOf(item: Found, categories: Map<string, string>, roleOf: (role: FoundPerson["role"]) => string): Row {
  switch (item.kind) {
    case "post":
      return {
        key: item.post_id,
        label: item.title,
        shown: <Parts parts={item.title_parts} />,
        icon: <FileText aria-hidden />,
        aside: item.category && (categories.get(item.category) ?? item.category),
        href: pathOfPost(item.slug),
      };
    case "comment":
      return {
        key: item.comment_id,
        label: item.snippet.map((part) => part.text).join(""),
        shown: <Parts parts={item.snippet} />,
        icon: <Avatar person={item.author} size="small" decorative />,
        aside: (
          <>
            <span className="max-w-44 truncate" dir="auto">
              {item.post_title}
            </span>
            <span aria-hidden>·</span>
            <Time at={item.created_at} />
          </>
        ),
        href: pathOfComment(item.post_slug, item.comment_id),
      };
    case "person":
      return {
        key: item.user_id,
        label: item.name,
        shown: <Parts parts={item.name_parts} />,
        icon: <Avatar person={item} size="small" decorative />,
        aside: roleOf(item.role),
        href: pathOfPerson(item.user_id),
      };
  }
}
