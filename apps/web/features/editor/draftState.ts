/** Where a draft stands, and what it needs from outside. */
import type { ApiProblem, Post, WebSchemas } from "@dfworx/api";

import type { Field, Fields } from "./fields";
import type { Keeper } from "./keeping";

export type Saving =
  "blank" | "saved" | "unsaved" | "saving" | "held" | "offline" | "refused" | "signedOut" | "conflict";

export interface Conflict {
  theirs: Post;
  clashes: Field[];
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
}
