"use client";

import type { Me } from "@dfworx/api";
import { live, type Message, type Tag } from "@dfworx/api/live";
import { Button } from "@dfworx/ui/Button";
import { Checkbox } from "@dfworx/ui/Checkbox";
import { Dialog } from "@dfworx/ui/Dialog";
import { Bar } from "@dfworx/ui/Skeleton";
import { useQuery } from "convex/react";
import { Pencil, Plus, Trash2 } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";

import { useRefusal } from "@/features/live/refusal";
import { Boundary } from "@/features/shell/Boundary";

import { toggleTag } from "./change";
import { useFailure } from "./failures";
import { NameTag, RemoveTag } from "./ManageTags";
import { Problem } from "./Trying";
import { isModerator, useDeeds } from "./useDeeds";

export const GROUPS: Tag["group"][] = ["app", "topic", "decision", "status", "priority"];

interface TagsDialogProps {
  message: Message;
  me: Me;
  close: () => void;
}

/** Which tags a message has: each counts at once. Moderators make, rename and remove them here. */
export function TagsDialog({ message, me, close }: TagsDialogProps) {
  const t = useTranslations("deeds.tags");
  const reason = useRefusal();
  const failure = useFailure(message.message_id);
  return (
    <Dialog
      open
      onOpenChange={close}
      title={t("title")}
      description={t("text")}
      wide
      actions={<Button onClick={close}>{t("done")}</Button>}
    >
      <Boundary fallback={(error) => <Problem>{reason(error)}</Problem>}>
        <Groups message={message} me={me} />
      </Boundary>
      {failure && <Problem>{failure}</Problem>}
    </Dialog>
  );
}

function Groups({ message, me }: Pick<TagsDialogProps, "message" | "me">) {
  const t = useTranslations("deeds");
  const tags = useQuery(live.tags.list);
  const manages = isModerator(me);
  if (!tags) {
    return (
      <div aria-busy className="late space-y-3">
        <Bar className="h-3 w-24" />
        <Bar className="h-3 w-40" />
        <Bar className="h-3 w-32" />
      </div>
    );
  }
  if (tags.length === 0 && !manages) return <p className="text-ink-2">{t("tags.none")}</p>;
  return (
    <div className="grid gap-x-8 gap-y-5 sm:grid-cols-2">
      {GROUPS.map((group) => {
        const own = tags.filter((each) => each.group === group);
        if (own.length === 0 && !manages) return null;
        return (
          <section key={group} aria-label={t(`groups.${group}`)}>
            <h3 className="mb-1.5 text-xs font-medium text-ink-3">{t(`groups.${group}`)}</h3>
            {own.map((tag) => (
              <TagRow key={tag.tag_id} tag={tag} message={message} me={me} manages={manages} />
            ))}
            {manages && <AddTag group={group} />}
          </section>
        );
      })}
    </div>
  );
}

interface TagRowProps {
  tag: Tag;
  message: Message;
  me: Me;
  manages: boolean;
}

function TagRow({ tag, message, me, manages }: TagRowProps) {
  const t = useTranslations("deeds.tags");
  const { setTags } = useDeeds(message, me);
  const [changing, change] = useState<"name" | "remove" | null>(null);
  const done = () => change(null);
  if (changing === "name") return <NameTag tag={tag} group={tag.group} done={done} />;
  if (changing === "remove") return <RemoveTag tag={tag} done={done} />;
  return (
    <div className="group/tag flex min-h-8 items-center gap-1 pointer-coarse:min-h-11">
      <div className="min-w-0 grow">
        <Checkbox
          label={<bdi className="break-words">{tag.name}</bdi>}
          checked={message.tags.includes(tag.tag_id)}
          onChange={() => setTags(toggleTag(message.tags, tag.tag_id))}
        />
      </div>
      {manages && (
        <>
          <Button
            look="ghost"
            size="smallIcon"
            aria-label={t("renameOne", { name: tag.name })}
            onClick={() => change("name")}
          >
            <Pencil aria-hidden />
          </Button>
          <Button
            look="ghost"
            size="smallIcon"
            aria-label={t("removeOne", { name: tag.name })}
            onClick={() => change("remove")}
          >
            <Trash2 aria-hidden />
          </Button>
        </>
      )}
    </div>
  );
}

function AddTag({ group }: { group: Tag["group"] }) {
  const t = useTranslations("deeds.tags");
  const [adding, add] = useState(false);
  if (adding) return <NameTag group={group} done={() => add(false)} />;
  return (
    <Button look="ghost" size="small" className="-ms-2 text-ink-3" onClick={() => add(true)}>
      <Plus aria-hidden />
      {t("add")}
    </Button>
  );
}
