"use client";

import { LiveMarkdown } from "@/features/markdown/LiveMarkdown";

import type { People } from "./message";

/** Nothing in it that Markdown, an address, a mention or a formula could begin with. */
const PLAIN = /^(?![-+\s]|\d+[.)])[^\n`*_~^=[\]<>#|$@\\&:]*$/u;
const named = new WeakMap<People, { user_id: string; name: string }[]>();

interface Props {
  text: string;
  /** The message's id, so that headings and footnotes of two are told apart. */
  id: string;
  people: People;
}

/** The words of a message: as in a post, but smaller. Most are one plain sentence, for which nothing is parsed. */
export function MessageText({ text, id, people }: Props) {
  return (
    <div className="[--fs-2xl:var(--fs-chat)] [--fs-lg:var(--fs-chat)] [--fs-prose:var(--fs-chat)] [--fs-xl:var(--fs-chat)] [--lh-2xl:var(--lh-chat)] [--lh-lg:var(--lh-chat)] [--lh-prose:var(--lh-chat)] [--lh-xl:var(--lh-chat)] [&_.prose>*+*]:mt-2">
      {PLAIN.test(text) && !text.includes("www.") ? (
        <div className="prose">
          <p dir="auto">{text}</p>
        </div>
      ) : (
        <LiveMarkdown source={text} scope={`message-${id}`} people={namesOf(people)} />
      )}
    </div>
  );
}

/** One list for all messages, made once. */
function namesOf(people: People): { user_id: string; name: string }[] {
  const known = named.get(people);
  if (known) return known;
  const list = [...people.values()].map(({ user_id, name }) => ({ user_id, name }));
  named.set(people, list);
  return list;
}
