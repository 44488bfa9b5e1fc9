/** What is being written in a thread, on this device, until it is sent. */
import { dropFromDevice, keepOnDevice, nameOnDevice, readFromDevice } from "@/features/session/device";
import type { Message } from "@dfworx/api/live";

import type { Person } from "./queue";

export interface Draft {
  text: string;
  attachments: Message["attachments"];
}

/** `purpose`: whom it answers, or what it changes; "" is a new message. */
function nameOf(person: Person, threadId: string, purpose: string): string {
  return nameOnDevice("messages", person, `${threadId}.draft.${purpose}`);
}

export function readDraft(person: Person, threadId: string, purpose: string): Draft | null {
  return readFromDevice(nameOf(person, threadId, purpose)) as Draft | null;
}

/** Where there is no room, the text stays in the page. */
export function keepDraft(person: Person, threadId: string, purpose: string, draft: Draft): void {
  const name = nameOf(person, threadId, purpose);
  if (draft.text.trim() === "" && draft.attachments.length === 0) dropFromDevice(name);
  else keepOnDevice(name, draft);
}

export function dropDraft(person: Person, threadId: string, purpose: string): void {
  dropFromDevice(nameOf(person, threadId, purpose));
}
