"use client";

import type { AuthSchemas } from "@dfworx/api";
import { Avatar } from "@dfworx/ui/Avatar";
import clsx from "clsx";
import { useTranslations } from "next-intl";

interface Props {
  id: string;
  people: AuthSchemas["User"][];
  chosen: number;
  choose: (at: number) => void;
  insert: (person: AuthSchemas["User"]) => void;
}

/** Above what is written in. Focus stays in the text: the keys are handled there. */
export function MentionList({ id, people, chosen, choose, insert }: Props) {
  const t = useTranslations("composing");
  return (
    <div
      id={id}
      role="listbox"
      aria-label={t("people")}
      className="absolute inset-x-0 bottom-full z-20 mb-1 max-h-60 overflow-y-auto scroll-quiet rounded-md border border-line-strong bg-raised p-1 text-sm shadow-pop"
    >
      {people.map((person, at) => (
        // The keys are handled in the text, where focus stays.
        // eslint-disable-next-line jsx-a11y/click-events-have-key-events
        <div
          key={person.user_id}
          id={`${id}-${at}`}
          role="option"
          tabIndex={-1}
          aria-selected={at === chosen}
          onPointerMove={() => choose(at)}
          onPointerDown={(event) => event.preventDefault()}
          onClick={() => insert(person)}
          className={clsx(
            "flex min-h-[30px] items-center gap-[9px] rounded-xs px-2 pointer-coarse:min-h-11",
            at === chosen && "bg-selected",
          )}
        >
          <Avatar person={person} size="small" decorative />
          <span className="min-w-0 truncate" dir="auto">
            {person.name}
          </span>
          <span className="min-w-0 grow truncate text-end text-xs text-ink-3">{person.email}</span>
        </div>
      ))}
    </div>
  );
}
