/** Where a draft stands, and what it needs from outside. */
import type { ApiProblem, Post, WebSchemas } from "@dfworx/api";

import type { Field, Fields } from "./fields";
import type { Keeper, Unsent } from "./keeping";

export type Saving =
  "blank" | "saved" | "unsaved" | "saving" | "held" | "offline" | "refused" | "signedOut" | "conflict";

export interface Conflict {
  theirs: Post;
  clashes: Field[];
}

/** A text that is written with others: its document saves it, for all who write. */
export interface SharedText {
  /** Its post has it then. */
  save(): Promise<void>;
  /** What was written here and has arrived nowhere yet, for this device to keep; null when there is nothing. */
  unsent(): Unsent | null;
}

export interface DraftState {
  post: Post | null;
  /** All but the text, which its own owner has. */
  fields: Omit<Fields, "content">;
  saving: Saving;
  problem: ApiProblem | null;
  conflict: Conflict | null;
  /** Since when what was found on this device is older than this visit. */
  restoredFrom: string | null;
  /** This device has no room to keep it. */
  unkept: boolean;
  /** How the shared text stands; null as long as the draft saves it. */
  shared: Standing | null;
}

export const QUIET = { problem: null, conflict: null, unkept: false, shared: null };

export interface Standing {
  isSent: boolean;
  isConnected: boolean;
  /** What is in the way, in a sentence. */
  problem: string | null;
}

export interface Server {
  get(postId: string): Promise<Post>;
  create(post: WebSchemas["PostCreate"], key: string): Promise<Post>;
  update(post: Post, changes: WebSchemas["PostUpdate"], key: string): Promise<Post>;
}

export interface Ports {
  server: Server;
  keeper: Keeper;
  words: { untitled: string; mine: string; theirs: string };
  /** After each save, for what else shows the post. */
  onSaved: (post: Post, isNew: boolean) => void;
  /** Whether somebody will say soon how the text of a post is saved (`share` or `stayAlone`): until then it isn't. */
  isSharing: boolean;
}

/** The draft's and its text's in one. */
export function savingOf({ saving, shared }: Pick<DraftState, "saving" | "shared">): Saving {
  if (!shared || shared.isSent || !["saved", "unsaved", "saving", "held"].includes(saving)) return saving;
  return shared.isConnected ? "saving" : "offline";
}
