"use client";

import type { Me } from "@dfworx/api";
import { live, type Message } from "@dfworx/api/live";
import { useMutation } from "convex/react";
import { useTranslations } from "next-intl";
import { useState } from "react";

import { Composer } from "@/features/composer/Composer";
import { useRefusal } from "@/features/live/refusal";

import { dropDraft, keepDraft, readDraft } from "./drafts";
import { LONGEST, MESSAGE_COMPOSER } from "./places";

interface Props {
  message: Message;
  me: Me;
  done: () => void;
}

/** The list says what the message says until the change has arrived; until then its words stay here, and on this
 * device. */
export function ChangeMessage({ message, me, done }: Props) {
  const { message_id, thread_id } = message;
  const t = useTranslations("composing");
  const reason = useRefusal();
  const change = useMutation(live.messages.edit);
  const purpose = `edit-${message_id}`;
  const [initial] = useState(() => readDraft(me, thread_id, purpose)?.text ?? message.text);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();

  const leave = () => {
    dropDraft(me, thread_id, purpose);
    done();
  };
  const save = async (text: string) => {
    setBusy(true);
    setProblem(undefined);
    try {
      await change({ message_id, text });
      leave();
    } catch (error) {
      setProblem(t("notChanged", { reason: reason(error) }));
      setBusy(false);
    }
  };
  const send = (text: string): boolean => {
    if (text === message.text) leave();
    else void save(text);
    return false;
  };
  return (
    <Composer
      id={MESSAGE_COMPOSER}
      longest={LONGEST}
      label={t("editLabel")}
      initial={initial}
      strip={t("editing")}
      leave={leave}
      keep={(text) => {
        keepDraft(me, thread_id, purpose, { text, attachments: [] });
        setProblem(undefined);
      }}
      send={send}
      sendLabel={t("save")}
      busy={busy}
      failure={problem}
      takesFocus
    />
  );
}
