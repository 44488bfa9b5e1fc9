/**
 * What was written and isn't at the server yet, on this device: drafts, and comments on their way. It outlives a
 * reload, and is a person's own: on a shared machine the next one doesn't see it.
 */
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

function place(userId: string, postId: string): string {
  return `dfworx.comments.${userId}.${postId}`;
}

function load(userId: string, postId: string): Kept {
  try {
    const kept = JSON.parse(localStorage.getItem(place(userId, postId)) ?? "{}") as Partial<Kept>;
    return { drafts: kept.drafts ?? {}, outgoing: kept.outgoing ?? [] };
  } catch {
    return { drafts: {}, outgoing: [] };
  }
}

function keep(userId: string, postId: string, kept: Kept): void {
  try {
    if (kept.outgoing.length === 0 && Object.keys(kept.drafts).length === 0)
      localStorage.removeItem(place(userId, postId));
    else localStorage.setItem(place(userId, postId), JSON.stringify(kept));
  } catch {
    // A full or forbidden storage: the text stays in the page, as without us.
  }
}

export function readDraft(userId: string, postId: string, answers: string | null): string {
  return load(userId, postId).drafts[answers ?? ""] ?? "";
}

export function writeDraft(userId: string, postId: string, answers: string | null, text: string): void {
  const kept = load(userId, postId);
  const others = Object.fromEntries(Object.entries(kept.drafts).filter(([name]) => name !== (answers ?? "")));
  keep(userId, postId, { ...kept, drafts: text.trim() ? { ...others, [answers ?? ""]: text } : others });
}

export function readOutgoing(userId: string, postId: string): Outgoing[] {
  return load(userId, postId).outgoing;
}

export function addOutgoing(userId: string, postId: string, comment: Outgoing): void {
  const kept = load(userId, postId);
  keep(userId, postId, { ...kept, outgoing: [...kept.outgoing, comment] });
}

export function dropOutgoing(userId: string, postId: string, key: string): void {
  const kept = load(userId, postId);
  keep(userId, postId, { ...kept, outgoing: kept.outgoing.filter((each) => each.key !== key) });
}
