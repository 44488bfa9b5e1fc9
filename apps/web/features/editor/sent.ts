/** What was sent of a draft and not answered: whether the post has it nobody knows, until its next version shows. */
import { newIdempotencyKey, type Post } from "@dfworx/api";

import type { Server } from "./draftState";
import { arrived, type Fields } from "./fields";

const DOUBTED = 3;

export class Sent {
  #last = { what: "", key: "" };

  constructor(private inDoubt: Fields[] = []) {}

  /** The same for what is the same: sent twice, it is done once. */
  keyOf(what: string): string {
    if (what !== this.#last.what) this.#last = { what, key: newIdempotencyKey() };
    return this.#last.key;
  }

  add(mine: Fields): void {
    this.inDoubt = [...this.inDoubt, mine].slice(-DOUBTED);
  }

  /** It was refused. */
  drop(mine: Fields): void {
    this.inDoubt = this.inDoubt.filter((each) => each !== mine);
  }

  clear(): void {
    this.inDoubt = [];
  }

  list(): Fields[] {
    return this.inDoubt;
  }

  /** The version of the post that has all of it that came there. */
  async arrivedAs(post: Post | null, server: Server): Promise<number> {
    if (!post || this.inDoubt.length === 0) return post?.version ?? 0;
    return (await server.get(post.post_id)).version;
  }

  /** `base` with what of it has arrived, as `theirs` shows; the text apart. */
  arrivedIn(base: Fields, theirs: Fields): Fields {
    return arrived(base, this.inDoubt, theirs);
  }

  /** Texts that the post may have and that this one was made of. */
  texts(base: Fields): string[] {
    return [...new Set([base, ...this.inDoubt].map((each) => each.content))];
  }
}
