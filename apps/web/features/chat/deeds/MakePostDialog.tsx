"use client";

import { live, type Message, type MessageId, type ThreadId } from "@dfworx/api/live";
import { Button } from "@dfworx/ui/Button";
import { Checkbox } from "@dfworx/ui/Checkbox";
import { Dialog } from "@dfworx/ui/Dialog";
import { Field, Input } from "@dfworx/ui/Field";
import { useAction, usePaginatedQuery } from "convex/react";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useId, useState, type FormEvent } from "react";

import { plainExcerpt } from "@/features/notifications/excerpt";
import { Boundary } from "@/features/shell/Boundary";
import { pathOfEditor } from "@/features/shell/paths";

import type { People } from "../message";
import { titleOf } from "./postTitle";
import { Problem, useTrying } from "./Trying";

const LONGEST_TITLE = 300;
const LISTED = 50;

interface MakePostDialogProps {
  threadId: ThreadId;
  /** Of the thread: what the post is called at first. */
  name: string | null;
  /** Of this message alone; else all of the newest, or those that are chosen. */
  only?: Message;
  people?: People;
  close: () => void;
}

/** What was said becomes a draft of one's own, which opens in the editor. */
export function MakePostDialog({ threadId, name, only, people, close }: MakePostDialogProps) {
  const t = useTranslations("deeds.post");
  const form = useId();
  const router = useRouter();
  const [title, setTitle] = useState(only ? titleOf(only.text) : (name ?? ""));
  const [choosing, choose] = useState(false);
  const [chosen, setChosen] = useState<MessageId[]>([]);
  const [asked, setAsked] = useState(false);
  const make = useAction(live.drafts.fromThread);
  const message_ids = only ? [only.message_id] : choosing ? chosen : null;
  const { run, busy, problem } = useTrying(
    async () => {
      const draft = await make({ thread_id: threadId, title: title.trim(), ...(message_ids && { message_ids }) });
      close();
      router.push(pathOfEditor(draft.slug));
    },
    { invalid: t("tooMuch") },
  );
  const isNameless = title.trim() === "";
  const isEmpty = message_ids?.length === 0;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setAsked(true);
    if (!isNameless && !isEmpty && !busy) run();
  };
  const toggle = (id: MessageId) =>
    setChosen((now) => (now.includes(id) ? now.filter((each) => each !== id) : [...now, id]));
  return (
    <Dialog
      open
      onOpenChange={close}
      title={only ? t("titleOne") : t("title")}
      description={t("text")}
      wide
      actions={
        <>
          <Button onClick={close}>{t("cancel")}</Button>
          <Button look="primary" type="submit" form={form} busy={busy && t("making")}>
            {t("make")}
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={submit} noValidate className="space-y-4">
        <Field label={t("name")} error={asked && isNameless && t("nameless")}>
          {(control) => (
            <Input
              value={title}
              maxLength={LONGEST_TITLE}
              dir="auto"
              onChange={(event) => setTitle(event.target.value)}
              {...control}
            />
          )}
        </Field>
        {!only && (
          <fieldset>
            <legend className="mb-1.5 text-sm font-medium">{t("which")}</legend>
            {[false, true].map((each) => (
              <label key={String(each)} className="flex min-h-8 items-center gap-2 pointer-coarse:min-h-11">
                <input
                  type="radio"
                  name={`${form}-which`}
                  checked={choosing === each}
                  onChange={() => choose(each)}
                  className="size-4 accent-primary"
                />
                {each ? t("chosen", { count: chosen.length }) : t("newest")}
              </label>
            ))}
            {choosing && (
              <Boundary fallback={() => <Problem>{t("listFailed")}</Problem>}>
                <Choices threadId={threadId} people={people} chosen={chosen} toggle={toggle} />
              </Boundary>
            )}
          </fieldset>
        )}
        {asked && isEmpty && <Problem>{t("empty")}</Problem>}
        {problem && <Problem>{problem}</Problem>}
      </form>
    </Dialog>
  );
}

interface ChoicesProps {
  threadId: ThreadId;
  people: People | undefined;
  chosen: MessageId[];
  toggle: (id: MessageId) => void;
}

function Choices({ threadId, people, chosen, toggle }: ChoicesProps) {
  const t = useTranslations("deeds");
  const list = usePaginatedQuery(live.messages.list, { thread_id: threadId }, { initialNumItems: LISTED });
  const standing = list.results.filter((each) => each.removed_at === null);
  return (
    <div
      role="group"
      aria-label={t("post.which")}
      aria-busy={list.isLoading}
      className="mt-1.5 max-h-64 min-h-24 overflow-y-auto scroll-quiet rounded-md border border-line px-3 py-1.5"
    >
      {standing.map((message) => (
        <div key={message.message_id} className="py-1">
          <Checkbox
            checked={chosen.includes(message.message_id)}
            onChange={() => toggle(message.message_id)}
            label={
              <span dir="auto" className="line-clamp-2 text-sm break-words">
                <span className="font-medium">{people?.get(message.user_id)?.name ?? t("somebody")}</span>{" "}
                <span className="text-ink-2">{plainExcerpt(message.text)}</span>
              </span>
            }
          />
        </div>
      ))}
      {list.status === "CanLoadMore" && (
        <Button look="ghost" size="small" className="my-1" onClick={() => list.loadMore(LISTED)}>
          {t("post.older")}
        </Button>
      )}
    </div>
  );
}
