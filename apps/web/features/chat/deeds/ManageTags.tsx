import { live, type Tag } from "@dfworx/api/live";
import { Button } from "@dfworx/ui/Button";
import { Input } from "@dfworx/ui/Field";
import { useMutation } from "convex/react";
import { useTranslations } from "next-intl";
import { useState, type FormEvent } from "react";

import { Problem, useTrying } from "./Trying";

const LONGEST = 40;

/** It stands where the button was that opened it. */
function focusOnce(element: HTMLElement | null): void {
  element?.focus();
}

interface NameTagProps {
  /** The one that gets a new name; else one is made. */
  tag?: Tag;
  group: Tag["group"];
  done: () => void;
}

export function NameTag({ tag, group, done }: NameTagProps) {
  const t = useTranslations("deeds.tags");
  const [typed, setTyped] = useState(tag?.name ?? "");
  const name = typed.trim();
  const create = useMutation(live.tags.create);
  const rename = useMutation(live.tags.rename);
  const { run, busy, problem } = useTrying(
    () => (tag ? rename({ tag_id: tag.tag_id, name }) : create({ group, name })).then(done),
    { conflict: t("taken", { name }) },
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!name || name === tag?.name) done();
    else if (!busy) run();
  };
  return (
    <form onSubmit={submit} className="py-1">
      <div className="flex items-center gap-1.5">
        <Input
          ref={focusOnce}
          aria-label={tag ? t("renameOne", { name: tag.name }) : t("nameOfNew")}
          value={typed}
          maxLength={LONGEST}
          dir="auto"
          onChange={(event) => setTyped(event.target.value)}
          onKeyDown={(event) => {
            if (event.key !== "Escape") return;
            // The dialog around it stays.
            event.stopPropagation();
            event.nativeEvent.stopImmediatePropagation();
            done();
          }}
        />
        <Button type="submit" busy={busy && t("saving")}>
          {tag ? t("rename") : t("make")}
        </Button>
      </div>
      {problem && <Problem>{problem}</Problem>}
    </form>
  );
}

/** Messages lose it for good, so this asks. */
export function RemoveTag({ tag, done }: { tag: Tag; done: () => void }) {
  const t = useTranslations("deeds.tags");
  const remove = useMutation(live.tags.remove);
  const { run, busy, problem } = useTrying(() => remove({ tag_id: tag.tag_id }).then(done));
  return (
    <div className="py-1">
      <p className="text-sm break-words">{t("removeAsk", { name: tag.name })}</p>
      <div className="mt-1.5 flex gap-1.5">
        <Button size="small" ref={focusOnce} onClick={done}>
          {t("keep")}
        </Button>
        <Button size="small" look="danger" busy={busy && t("removing")} onClick={run}>
          {t("remove")}
        </Button>
      </div>
      {problem && <Problem>{problem}</Problem>}
    </div>
  );
}
