/** What is written and not saved yet, kept on this device: for whom, of which post, made from which version. */
import type { Fields } from "./fields";

export interface Kept {
  fields: Fields;
  /** What it was made from, for a post that there is. */
  base: Fields | null;
  version: number;
  at: string;
}

export interface Keeper {
  read(postId: string | null): Kept | null;
  /** False when this device has no room. */
  write(postId: string | null, kept: Kept): boolean;
  drop(postId: string | null): void;
}

export function keeperOf(person: { organization_id: string; user_id: string }): Keeper {
  const name = (postId: string | null) => `dfworx.draft.${person.organization_id}.${person.user_id}.${postId ?? "new"}`;
  return {
    read(postId) {
      try {
        const kept = JSON.parse(localStorage.getItem(name(postId)) ?? "null") as Kept | null;
        return kept && typeof kept.fields.content === "string" ? kept : null;
      } catch {
        return null;
      }
    },
    write(postId, kept) {
      for (const each of [kept, { ...kept, base: null }]) {
        try {
          localStorage.setItem(name(postId), JSON.stringify(each));
          return true;
        } catch {
          // Full: then without what it was made from.
        }
      }
      return false;
    },
    drop(postId) {
      try {
        localStorage.removeItem(name(postId));
      } catch {
        // Without storage nothing is kept.
      }
    },
  };
}
