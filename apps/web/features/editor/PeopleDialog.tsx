"use client";

import { searchPeople, type Me } from "@dfworx/api";
import { useApi } from "@dfworx/api/react";
import { Avatar } from "@dfworx/ui/Avatar";
import { Button } from "@dfworx/ui/Button";
import { Checkbox } from "@dfworx/ui/Checkbox";
import { Dialog } from "@dfworx/ui/Dialog";
import { Field, Input } from "@dfworx/ui/Field";
import { SkeletonRows } from "@dfworx/ui/Skeleton";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useDeferredValue, useState } from "react";

const MOST = 100;

interface Person {
  user_id: string;
  name: string | null;
}

interface PeopleDialogProps {
  /** For readers somebody must be chosen; editors may all be taken away. */
  whom: "readers" | "editors";
  me: Me;
  /** Of whom the names are known. */
  known: Person[];
  chosen: string[];
  onClose: () => void;
  onChosen: (ids: string[]) => void;
}

/** Whom a post is for, by name, or who writes it too. */
export function PeopleDialog({ whom, me, known, chosen, onClose, onChosen }: PeopleDialogProps) {
  const t = useTranslations("editor");
  const states = useTranslations("states");
  const [words, setWords] = useState("");
  const [ids, setIds] = useState(() => new Set(chosen));
  const asked = useDeferredValue(words.trim());
  const found = useQuery({ ...searchPeople(useApi(), asked), placeholderData: keepPreviousData });
  const others = (found.data ?? []).filter((each) => each.user_id !== me.user_id);
  const first = asked ? [] : known.filter((each) => !others.some((other) => other.user_id === each.user_id));
  const listed: Person[] = [...first, ...others];
  const isEmpty = whom === "readers" && ids.size === 0;
  const toggle = (id: string) =>
    setIds((now) => {
      const next = new Set(now);
      if (!next.delete(id)) next.add(id);
      return next;
    });
  return (
    <Dialog
      open
      onOpenChange={(open) => open || onClose()}
      title={t(`${whom}.title`)}
      description={t(`${whom}.lead`)}
      actions={
        <>
          <Button onClick={onClose}>{t("cancel")}</Button>
          <Button
            look="primary"
            disabled={isEmpty || ids.size > MOST}
            onClick={() => {
              onChosen([...ids]);
              onClose();
            }}
          >
            {t(`${whom}.choose`, { count: ids.size })}
          </Button>
        </>
      }
    >
      <Field
        label={t("findPeople")}
        help={isEmpty ? t("nobodyYet") : undefined}
        error={ids.size > MOST ? t("tooMany") : undefined}
      >
        {(control) => (
          <Input
            {...control}
            value={words}
            autoComplete="off"
            placeholder="Ines"
            onChange={(event) => setWords(event.target.value)}
          />
        )}
      </Field>
      <div className="mt-3 h-60 overflow-y-auto scroll-quiet rounded-md border border-line">
        {found.isPending ? (
          <SkeletonRows label={t("loadingPeople")} rows={3} />
        ) : found.isError ? (
          <p className="flex items-center gap-2 p-3 text-sm text-danger">
            <span className="grow">{t("peopleFailed")}</span>
            <Button size="small" onClick={() => void found.refetch()}>
              {states("tryAgain")}
            </Button>
          </p>
        ) : listed.length === 0 ? (
          <p className="p-3 text-sm text-ink-3">{asked ? t("nobodyFound", { words: asked }) : t("nobodyElse")}</p>
        ) : (
          <ul>
            {listed.map((person) => (
              <li key={person.user_id} className="px-3 hover:bg-hover">
                <Checkbox
                  checked={ids.has(person.user_id)}
                  onChange={() => toggle(person.user_id)}
                  label={
                    <span className="flex min-h-10 min-w-0 items-center gap-2.5 pointer-coarse:min-h-11">
                      <Avatar person={person} decorative />
                      <span className="min-w-0 grow truncate" dir="auto">
                        {person.name ?? t("nameless")}
                      </span>
                    </span>
                  }
                />
              </li>
            ))}
          </ul>
        )}
      </div>
    </Dialog>
  );
}
