/** Where a draft's post and its document live in tests: versions, updates and write-backs as the services make them, over
 * a way that is slow, breaks and loses answers as chance has it. All time in it is the timers'. */
import { ApiProblem, type Post, type WebSchemas } from "@dfworx/api";
import type { LiveClient } from "@dfworx/api/live/document";
import { getFunctionName } from "convex/server";
import * as Y from "yjs";

import { documentOf, merge, rewrite, textOf, wholeOf } from "../../../../convex/texts";

const WINDOW = 32;
const SLOWEST_MS = 2_500;
const SAVED_AFTER_MS = 3_000;

export type Chance = () => number;

/** Numbers from 0 to 1, the same ones for the same seed. */
export function chanceOf(seed: number): Chance {
  let state = seed + 1;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export class Place {
  post: Post;
  private updates: ArrayBuffer[] = [];
  private snapshot: ArrayBuffer[] | null = null;
  private version = 0;
  private written = 0;
  private outside: number[] = [];
  private due: ReturnType<typeof setTimeout> | null = null;
  readonly lines = new Set<Line>();

  constructor(
    post: Post,
    readonly chance: Chance,
  ) {
    this.post = post;
  }

  /** By REST, from anywhere. */
  change(changes: Partial<Post>): Post {
    this.post = { ...this.post, ...changes, version: this.post.version + 1 };
    setTimeout(() => this.save(), this.chance() * SLOWEST_MS);
    return this.post;
  }

  open(post_id: string, version: number) {
    if (!this.snapshot) {
      this.snapshot = wholeOf(documentOf(this.post.content));
      this.version = this.post.version;
    }
    if (this.version < version) this.save();
    const [snapshot] = this.snapshot;
    const all = { snapshot, snapshot_number: 0, updates: [...this.updates], version: this.version };
    return { document_id: post_id, may_change: true, ...all };
  }

  push(updates: ArrayBuffer[]): void {
    this.updates.push(...updates);
    this.due ??= setTimeout(() => this.save(), SAVED_AFTER_MS);
    this.tell();
  }

  window(window: number) {
    const first = window * WINDOW + 1;
    return { first, updates: this.updates.slice(first - 1, first - 1 + WINDOW), problem: null };
  }

  get text(): string {
    return textOf(this.until(this.updates.length));
  }

  /** As convex/merging.ts: what was changed outside is an edit of what was last written. */
  save(): void {
    if (!this.snapshot) return;
    if (this.due) clearTimeout(this.due);
    this.due = null;
    if (this.post.version > this.version) {
      const known = this.until(this.written, this.outside);
      const base = this.updates.length;
      const edit = rewrite(known, this.post.content);
      this.outside = edit.map((_, at) => base + at + 1);
      this.version = this.post.version;
      this.updates.push(...edit);
      this.tell();
    }
    const content = this.text;
    this.written = this.updates.length;
    this.outside = [];
    if (content === this.post.content) return;
    this.post = { ...this.post, content, version: this.post.version + 1 };
    this.version = this.post.version;
  }

  private until(number: number, more: number[] = []): Y.Doc {
    const later = more.flatMap((each) => this.updates[each - 1] ?? []);
    return merge([...(this.snapshot ?? []), ...this.updates.slice(0, number), ...later]);
  }

  private tell(): void {
    for (const line of this.lines) line.look();
  }
}

/** One page's way there: what goes by it may take long, wait until the way is mended, or never be answered. */
export class Line implements LiveClient {
  isCut = false;
  /** While REST may work. */
  isLiveCut = false;
  isDead = false;
  private readonly watched = new Set<() => void>();

  constructor(private readonly place: Place) {
    place.lines.add(this);
  }

  look(): void {
    for (const each of this.watched) each();
  }

  /** REST: fails while the way is cut, and may fail after the work is done. */
  async ask<T>(work: () => T): Promise<T> {
    await this.wait();
    if (this.isCut || this.isDead) return await this.fail();
    const done = work();
    await this.wait();
    if (this.isCut || this.isDead) return await this.fail();
    return done;
  }

  onUpdate: LiveClient["onUpdate"] = (query, args, look) => {
    if (getFunctionName(query) !== "documents:updates") return () => undefined;
    let isAsked = false;
    const watch = () => {
      if (isAsked) return;
      isAsked = true;
      void this.reach().then(() => {
        isAsked = false;
        if (this.watched.has(watch)) look(this.place.window(args.window as number));
      });
    };
    this.watched.add(watch);
    watch();
    return () => void this.watched.delete(watch);
  };

  mutation: LiveClient["mutation"] = async (mutation, args) => {
    await this.reach();
    if (getFunctionName(mutation) === "documents:push") this.place.push(args.updates as ArrayBuffer[]);
    await this.reach();
    return null;
  };

  action: LiveClient["action"] = async (action, args) => {
    await this.reach();
    if (getFunctionName(action) === "documents:save") this.place.save();
    else {
      const opened = this.place.open(args.post_id as string, (args.version as number | undefined) ?? 0);
      await this.reach();
      return opened;
    }
    return null;
  };

  private async wait(): Promise<void> {
    const slow = this.place.chance() < 0.1;
    await new Promise((done) => setTimeout(done, this.place.chance() * (slow ? SLOWEST_MS : 200)));
  }

  private async reach(): Promise<void> {
    do await this.wait();
    while (this.isCut || this.isLiveCut || this.isDead);
  }

  private async fail(): Promise<never> {
    throw ApiProblem.unreachable(null);
  }
}

/** REST as an app's draft knows it. */
export function serverOf(place: Place, line: Line) {
  return {
    get: () => line.ask(() => place.post),
    create: (fields: WebSchemas["PostCreate"]) =>
      line.ask(() => place.change({ ...fields, readers: null, editors: [] } as unknown as Partial<Post>)),
    update: (known: Post, changes: WebSchemas["PostUpdate"]) =>
      line.ask(() => {
        if (known.version !== place.post.version) throw new ApiProblem(412, "stale_version", "");
        return place.change(changes as unknown as Partial<Post>);
      }),
  };
}
