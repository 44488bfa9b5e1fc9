"use client";

import type { Me } from "@dfworx/api";
import type { MessageId, ThreadId } from "@dfworx/api/live";
import { useTranslations } from "next-intl";
import { useRef, useState } from "react";

import { Composer } from "@/features/composer/Composer";

import { AttachButton } from "./AttachButton";
import { AttachedFiles } from "./AttachedFiles";
import { dropDraft, keepDraft, readDraft, type Draft } from "./drafts";
import { LONGEST, MESSAGE_COMPOSER } from "./places";
import { MOST_FILES, useAttachments } from "./useAttachments";
import type { Outgoing } from "./useOutgoing";
import { useTyping } from "./useTyping";

interface Props {
  threadId: ThreadId;
  me: Me;
  outgoing: Outgoing;
  replyTo: MessageId | null;
  label: string;
  strip: string | undefined;
  done: () => void;
  editLast: () => void;
  takesFocus: boolean;
}

/** For a message or an answer; as far as it is written, it is kept on this device. */
export function NewMessage(props: Props) {
  const { threadId, me, outgoing, replyTo, label, strip, done, editLast, takesFocus } = props;
  const t = useTranslations("composing");
  const purpose = replyTo ?? "";
  const [initial] = useState<Draft>(() => readDraft(me, threadId, purpose) ?? { text: "", attachments: [] });
  const draft = useRef(initial);
  const [problem, setProblem] = useState<string>();
  const tellTyping = useTyping(threadId);
  const keep = (part: Partial<Draft>) => {
    draft.current = { ...draft.current, ...part };
    keepDraft(me, threadId, purpose, draft.current);
    setProblem(undefined);
  };
  const files = useAttachments(initial.attachments, (attachments) => keep({ attachments }));

  const send = (text: string): boolean => {
    const unready = files.items.filter((each) => !each.stored);
    if (unready.length > 0) {
      setProblem(t(unready.some((each) => each.refusal) ? "refusedFiles" : "stillUploading"));
      return false;
    }
    if (files.stored.length > MOST_FILES) {
      setProblem(t("tooManyFiles", { count: MOST_FILES }));
      return false;
    }
    outgoing.send(text, replyTo, files.stored);
    draft.current = { text: "", attachments: [] };
    dropDraft(me, threadId, purpose);
    files.clear();
    if (replyTo) done();
    return true;
  };
  return (
    <Composer
      id={MESSAGE_COMPOSER}
      longest={LONGEST}
      label={label}
      initial={initial.text}
      strip={strip}
      leave={replyTo ? done : undefined}
      keep={(text) => {
        keep({ text });
        if (text.trim()) tellTyping();
      }}
      send={send}
      sendLabel={t("send")}
      failure={problem}
      editLast={editLast}
      takesFocus={takesFocus}
      attach={<AttachButton add={files.add} />}
      attached={<AttachedFiles items={files.items} remove={files.remove} />}
      takeFiles={files.add}
      mayBeBlank={files.items.length > 0}
    />
  );
}
