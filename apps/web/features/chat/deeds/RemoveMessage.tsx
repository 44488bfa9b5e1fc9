"use client";

import { live, type Message } from "@dfworx/api/live";
import { Button } from "@dfworx/ui/Button";
import { Dialog } from "@dfworx/ui/Dialog";
import { useMutation } from "convex/react";
import { useTranslations } from "next-intl";

import { Problem, useTrying } from "./Trying";

interface RemoveMessageProps {
  message: Message;
  isMine: boolean;
  close: () => void;
}

/** Nobody brings its words back, so this asks. */
export function RemoveMessage({ message, isMine, close }: RemoveMessageProps) {
  const t = useTranslations("deeds.removing");
  const remove = useMutation(live.messages.remove);
  const { run, busy, problem } = useTrying(() => remove({ message_id: message.message_id }).then(close));
  return (
    <Dialog
      open
      onOpenChange={close}
      title={isMine ? t("titleOwn") : t("title")}
      description={t("text")}
      actions={
        <>
          <Button onClick={close}>{t("keep")}</Button>
          <Button look="danger" busy={busy && t("removing")} onClick={run}>
            {t("remove")}
          </Button>
        </>
      }
    >
      {problem && <Problem>{problem}</Problem>}
    </Dialog>
  );
}
