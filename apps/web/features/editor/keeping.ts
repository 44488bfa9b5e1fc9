/** What is written and not saved yet, kept on this device: for whom, of which post, made from what. */
import { dropFromDevice, keepOnDevice, nameOnDevice, readFromDevice } from "@/features/session/device";

import { changesBetween, type Fields } from "./fields";

export interface Kept {
  fields: Fields;
  /** What it was made from, for a post that there is. */
  base: Fields | null;
  at: string;
  unsent?: Unsent;
  /** What was sent without an answer. */
  inDoubt?: Fields[];
}

/** What of a shared text was on its way, as an update, and the text that it was in. */
export interface Unsent {
  update: string;
  content: string;
}

export interface Keeper {
  read(postId: string | null): Kept | null;
  /** False when this device has no room. */
  write(postId: string | null, kept: Kept): boolean;
  drop(postId: string | null): void;
}

/** What was kept of a post, unless that has it by now. */
export function findKept(keeper: Keeper, postId: string | null, theirs: Fields): Kept | null {
  const found = keeper.read(postId);
  if (!found) return null;
  // What an older version of this page kept lacks fields that came later.
  const whole = (fields: Fields) => ({ ...theirs, ...fields });
  const kept = { ...found, fields: whole(found.fields), base: found.base && whole(found.base) };
  if (changesBetween(theirs, kept.fields)) return kept;
  keeper.drop(postId);
  return null;
}

export function keeperOf(person: { organization_id: string; user_id: string }): Keeper {
  const name = (postId: string | null) => nameOnDevice("draft", person, postId ?? "new");
  return {
    read(postId) {
      const kept = readFromDevice(name(postId)) as Partial<Kept> | null;
      return typeof kept?.fields?.content === "string" ? (kept as Kept) : null;
    },
    // Where there is no room for all: without what it was made from.
    write: (postId, kept) => keepOnDevice(name(postId), kept) || keepOnDevice(name(postId), { ...kept, base: null }),
    drop: (postId) => dropFromDevice(name(postId)),
  };
}
