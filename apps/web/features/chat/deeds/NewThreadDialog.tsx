"use client";

import { live, type Thread } from "@dfworx/api/live";
import { Button } from "@dfworx/ui/Button";
import { Dialog } from "@dfworx/ui/Dialog";
import { Field, Input } from "@dfworx/ui/Field";
import { useMutation } from "convex/react";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useId, useState, type FormEvent } from "react";

import { Connected } from "@/features/live/Connected";
import { pathOfThread } from "@/features/shell/paths";

import { useTrying } from "./Trying";

const LONGEST = 80;

interface NameThreadProps {
  name: string;
  title: string;
  deed: string;
  busyLabel: string;
  save: (name: string) => Promise<unknown>;
  close: () => void;
}

/** From anywhere in the workspace: it brings its connection along. */
export function NewThreadDialog({ name, close }: { name: string; close: () => void }) {
  return (
    <Connected>
      <Inside name={name} close={close} />
    </Connected>
  );
}

function Inside({ name, close }: { name: string; close: () => void }) {
  const t = useTranslations("deeds.thread");
  const router = useRouter();
  const create = useMutation(live.threads.create);
  const save = async (chosen: string) => {
    const id = await create({ name: chosen });
    close();
    router.push(pathOfThread(id));
  };
  return <NameThread {...{ name, save, close }} title={t("newTitle")} deed={t("make")} busyLabel={t("making")} />;
}

export function RenameThreadDialog({ thread, close }: { thread: Thread; close: () => void }) {
  const t = useTranslations("deeds.thread");
  const rename = useMutation(live.threads.rename);
  const save = async (name: string) => {
    if (name !== thread.name) await rename({ thread_id: thread.thread_id, name });
    close();
  };
  return (
    <NameThread
      name={thread.name ?? ""}
      {...{ save, close }}
      title={t("renameTitle")}
      deed={t("rename")}
      busyLabel={t("renaming")}
    />
  );
}

function NameThread({ name: before, title, deed, busyLabel, save, close }: NameThreadProps) {
  const t = useTranslations("deeds.thread");
  const form = useId();
  const [typed, setTyped] = useState(before);
  const [asked, setAsked] = useState(false);
  const name = typed.trim();
  const { run, busy, problem } = useTrying(() => save(name), { conflict: t("taken", { name }) });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setAsked(true);
    if (name && !busy) run();
  };
  return (
    <Dialog
      open
      onOpenChange={close}
      title={title}
      description={t("newText")}
      actions={
        <>
          <Button onClick={close}>{t("cancel")}</Button>
          <Button look="primary" type="submit" form={form} busy={busy && busyLabel}>
            {deed}
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={submit} noValidate>
        <Field label={t("name")} help={t("nameHelp")} error={problem ?? (asked && !name && t("nameless"))}>
          {(control) => (
            <Input
              value={typed}
              maxLength={LONGEST}
              dir="auto"
              autoComplete="off"
              onChange={(event) => setTyped(event.target.value)}
              {...control}
            />
          )}
        </Field>
      </form>
    </Dialog>
  );
}
