"use client";

import type { Me } from "@dfworx/api";
import type { Message, ThreadId } from "@dfworx/api/live";
import { useTranslations } from "next-intl";
import { useState } from "react";

import type { People } from "../message";
import { ChangeMessage } from "./ChangeMessage";
import { NewMessage } from "./NewMessage";
import { TypingLine } from "./TypingLine";
import type { Outgoing } from "./useOutgoing";

export interface WriteMessageProps {
  threadId: ThreadId;
  /** For "Message lost-sessions"; null beside a post. */
  name: string | null;
  me: Me;
  people: People;
  mode: { kind: "new" } | { kind: "reply"; to: Message } | { kind: "edit"; message: Message };
  /** Back to a new message: sent, or given up. */
  done: () => void;
  /** The person's newest message, for the up-arrow. */
  last: Message | undefined;
  edit: (message: Message) => void;
  outgoing: Outgoing;
}

/** The place to write, with who else is typing above it. */
export function WriteMessage(props: WriteMessageProps) {
  const { threadId, name, me, people, mode, done, last, edit, outgoing } = props;
  const t = useTranslations("composing");
  // What comes with the page takes no focus; what somebody asked for does, and what they come back to.
  const [begun, setBegun] = useState<typeof mode.kind>(mode.kind);
  const [wasAsked, setWasAsked] = useState(false);
  if (begun !== mode.kind) {
    setBegun(mode.kind);
    setWasAsked(true);
  }
  const answered = mode.kind === "reply" ? mode.to : null;
  const answeredName = answered ? (people.get(answered.user_id)?.name ?? t("somebody")) : "";
  return (
    <div className="shrink-0 px-4 pb-4 max-md:px-2.5 max-md:pb-2.5">
      <TypingLine threadId={threadId} me={me} people={people} />
      {mode.kind === "edit" ? (
        <ChangeMessage key={mode.message.message_id} message={mode.message} me={me} done={done} />
      ) : (
        <NewMessage
          key={`${threadId} ${answered?.message_id ?? ""}`}
          threadId={threadId}
          me={me}
          outgoing={outgoing}
          replyTo={answered?.message_id ?? null}
          label={answered ? t("replyLabel") : name === null ? t("newLabelHere") : t("newLabel", { name })}
          strip={answered ? t("replyingTo", { name: answeredName }) : undefined}
          done={done}
          editLast={() => last && edit(last)}
          takesFocus={answered !== null || wasAsked}
        />
      )}
    </div>
  );
}
