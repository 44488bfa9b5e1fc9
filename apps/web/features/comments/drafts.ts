/**
 * What was written and isn't at the server yet, on this device: drafts, and comments on their way. It outlives a
 * reload, and is a person's own: on a shared machine the next one doesn't see it.
 */
import { dropFromDevice, keepOnDevice, nameOnDevice, readFromDevice } from "@/features/session/device";

export interface Outgoing {
  /** Idempotency key, and its name in the list. */
  key: string;
  parentId: string | null;
  content: string;
  writtenAt: string;
}

interface Kept {
  /** By what is answered; "" is a new thread. */
  drafts: Record<string, string>;
  outgoing: Outgoing[];
}

/** As far as one is signed in: `Me` has both. */
type Person = Parameters<typeof nameOnDevice>[1];

function load(person: Person, postId: string): Kept {
  const kept = readFromDevice(nameOnDevice("comments", person, postId)) as Partial<Kept> | null;
  return { drafts: kept?.drafts ?? {}, outgoing: kept?.outgoing ?? [] };
}

/** Where there is no room, the text stays in the page, as without us. */
function keep(person: Person, postId: string, kept: Kept): void {
  const name = nameOnDevice("comments", person, postId);
  if (kept.outgoing.length === 0 && Object.keys(kept.drafts).length === 0) dropFromDevice(name);
  else keepOnDevice(name, kept);
}

export function readDraft(person: Person, postId: string, answers: string | null): string {
  return load(person, postId).drafts[answers ?? ""] ?? "";
}

export function writeDraft(person: Person, postId: string, answers: string | null, text: string): void {
  const kept = load(person, postId);
  const others = Object.fromEntries(Object.entries(kept.drafts).filter(([name]) => name !== (answers ?? "")));
  keep(person, postId, { ...kept, drafts: text.trim() ? { ...others, [answers ?? ""]: text } : others });
}

export function readOutgoing(person: Person, postId: string): Outgoing[] {
  return load(person, postId).outgoing;
}

export function addOutgoing(person: Person, postId: string, comment: Outgoing): void {
  const kept = load(person, postId);
  keep(person, postId, { ...kept, outgoing: [...kept.outgoing, comment] });
}

export function dropOutgoing(person: Person, postId: string, key: string): void {
  const kept = load(person, postId);
  keep(person, postId, { ...kept, outgoing: kept.outgoing.filter((each) => each.key !== key) });
}
