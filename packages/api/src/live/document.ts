/**
 * The text of a post while several people write it: keeps a document of Yjs the same as everybody's. What is written here
 * is in the document at once and sent as soon as it can be; a client that was away fetches what it missed and sends what
 * the others lack. Updates may arrive twice: Yjs takes each once.
 */
import { ConvexError } from "convex/values";
import { makeFunctionReference } from "convex/server";
import { Awareness } from "y-protocols/awareness";
import * as Y from "yjs";

import type { LiveClient } from "./client";
import { Cursors } from "./cursors";

const open = makeFunctionReference<"action">("documents:open");
const push = makeFunctionReference<"mutation">("documents:push");
const watch = makeFunctionReference<"query">("documents:updates");
const save = makeFunctionReference<"action">("documents:save");

/** As convex/documents.ts has them. */
const WINDOW = 32;
const UPDATE_BYTES = 900_000;
const PUSHED_UPDATES = 4;
/** Whoever types faster than this sends several changes as one. */
const BATCH_MS = 40;
const BATCH_AT_MOST_MS = 1_000;
const BATCH_PER_WAIT = 3;
/** A slow way is filled, and a client that is cut off keeps the rest and sends it as one. */
const IN_FLIGHT = 4;
const RETRIED_MS = 1_000;
const RETRIED_AT_MOST_MS = 30_000;
const TOO_LARGE = "What was put in is too large to be shared. Undo it, or put it in in parts.";
/** Nothing to wait for: somebody has to do something first. */
const FINAL = new Set(["not_found", "signed_out", "session_ended"]);
const FINAL_TRIES = 3;

export type Standing = {
  /** `refused`: the post isn't this person's to see; what they wrote is still in the document. */
  state: "opening" | "open" | "refused";
  may_change: boolean;
  /** Whether all that was written here has been taken. */
  is_sent: boolean;
  /** What people should know, in a sentence. */
  problem: string | null;
};
type Opened = {
  document_id: string;
  snapshot: ArrayBuffer | null;
  snapshot_number: number;
  updates: ArrayBuffer[];
  may_change: boolean;
  version: number;
};
type Window = { first: number; updates: ArrayBuffer[]; problem: string | null };

export class LiveDocument {
  readonly awareness: Awareness;
  private standing: Standing = { state: "opening", may_change: false, is_sent: true, problem: null };
  private readonly listeners = new Set<() => void>();
  private readonly cursors: Cursors;
  private document_id: string | null = null;
  /** The number of the last update that is in the document, as are all before it. */
  private applied = 0;
  /** What each window that is watched has, and how to stop watching it. */
  private windows = new Map<number, { has: Window | null; stop: () => void }>();
  /** What was written here and isn't on its way. */
  private queue: Uint8Array[] = [];
  private inFlight = 0;
  private pushedAt = 0;
  /** How far apart changes are sent: further when the deployment has much to do, so that it has less of it. */
  private batchMs = BATCH_MS;
  /** What the way there and back takes when nobody else is waiting. */
  private quickestMs = Infinity;
  private pushing: ReturnType<typeof setTimeout> | null = null;
  private reopening: ReturnType<typeof setTimeout> | null = null;
  private failures = 0;
  private isDestroyed = false;
  /** The version of the post that all of is in the document. */
  private version = 0;

  constructor(
    private readonly client: LiveClient,
    readonly post_id: string,
    readonly doc: Y.Doc,
  ) {
    this.awareness = new Awareness(doc);
    this.cursors = new Cursors(client, this.awareness);
    doc.on("update", this.onWritten);
    doc.once("destroy", this.destroy);
    void this.open();
  }

  /** With `getStanding`, for useSyncExternalStore. */
  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  getStanding = (): Standing => this.standing;

  /** Has the text written to its post now. */
  async save(): Promise<void> {
    this.pushNow();
    await this.client.action(save, { document_id: this.document_id });
  }

  /** Has what the post had in that version, changed by another door maybe, in the document; whether it is. */
  async reach(version: number): Promise<boolean> {
    if (version > this.version) {
      this.forget();
      await this.open(version);
    }
    return version <= this.version;
  }

  destroy = (): void => {
    if (this.isDestroyed) return;
    this.pushNow();
    this.isDestroyed = true;
    this.cursors.destroy();
    this.forget();
    this.awareness.destroy();
    this.doc.off("update", this.onWritten);
    this.doc.off("destroy", this.destroy);
  };

  /** Takes what there is, and finds out what the others lack. */
  private async open(version = this.version): Promise<void> {
    let opened: Opened;
    try {
      opened = (await this.client.action(open, { post_id: this.post_id, version })) as Opened;
    } catch (error) {
      this.onRefused(error);
      return;
    }
    if (this.isDestroyed) return;
    this.forget();
    const theirs = new Y.Doc();
    for (const each of [opened.snapshot, ...opened.updates]) {
      if (each) apply(theirs, each, this);
    }
    this.queue = [];
    theirs.on("update", (update: Uint8Array) => this.queue.push(update));
    Y.applyUpdate(theirs, Y.encodeStateAsUpdate(this.doc, Y.encodeStateVector(theirs)));
    Y.applyUpdate(this.doc, Y.encodeStateAsUpdate(theirs, Y.encodeStateVector(this.doc)), this);
    theirs.destroy();
    this.document_id = opened.document_id;
    this.version = opened.version;
    this.applied = opened.snapshot_number + opened.updates.length;
    const is_sent = this.queue.length === 0;
    this.tell({ state: "open", may_change: opened.may_change, is_sent, problem: null });
    this.watchWindows();
    this.cursors.follow(opened.document_id);
    this.pushSoon();
  }

  private onWritten = (update: Uint8Array, origin: unknown): void => {
    if (origin === this) return;
    // Before it was opened, and when it is opened again, all that others lack is found then.
    this.queue.push(update);
    this.tell({ is_sent: false });
    this.pushSoon();
  };

  private pushSoon(): void {
    if (this.pushing !== null || this.inFlight >= IN_FLIGHT) return;
    this.pushing = setTimeout(this.pushNow, Math.max(0, this.pushedAt + this.batchMs - Date.now()));
  }

  private pushNow = (): void => {
    if (this.pushing !== null) clearTimeout(this.pushing);
    this.pushing = null;
    if (this.document_id === null || !this.standing.may_change || this.queue.length === 0 || this.isDestroyed) return;
    const updates = this.takeBatch();
    if (updates === null) {
      this.tell({ problem: TOO_LARGE });
      return;
    }
    this.pushedAt = Date.now();
    this.inFlight++;
    void this.send(this.document_id, updates);
  };

  private async send(document_id: string, updates: Uint8Array[]): Promise<void> {
    const began = Date.now();
    try {
      await this.client.mutation(push, { document_id, updates: updates.map((each) => each.slice().buffer) });
      this.batchAs(Date.now() - began);
    } catch (error) {
      // Opened again, the document knows what wasn't taken.
      this.onRefused(error);
    }
    this.inFlight--;
    if (this.queue.length > 0) this.pushSoon();
    else if (this.inFlight === 0 && this.document_id !== null) this.tell({ is_sent: true });
  }

  /** Once a change took so long. What came before it in the deployment's line is a measure of what the next one would
   * wait for; a few times as long, and the line stays short. One that was slow by chance counts half. */
  private batchAs(taken: number): void {
    this.quickestMs = Math.min(this.quickestMs, taken);
    const wanted = Math.min(BATCH_AT_MOST_MS, BATCH_PER_WAIT * (taken - this.quickestMs));
    this.batchMs = Math.max(BATCH_MS, (this.batchMs + wanted) / 2);
  }

  /** As one update, or as many as are small enough; null when there is one that isn't. */
  private takeBatch(): Uint8Array[] | null {
    const merged = this.queue.length === 1 ? this.queue : [Y.mergeUpdates(this.queue)];
    const isSmall = (update: Uint8Array) => update.byteLength <= UPDATE_BYTES;
    if (merged.every(isSmall)) {
      this.queue = [];
      return merged;
    }
    const end = this.queue.findIndex((each) => !isSmall(each));
    if (end === 0) return null;
    return this.queue.splice(0, Math.min(end === -1 ? Infinity : end, PUSHED_UPDATES));
  }

  /** The one that the next update comes in, and the one behind it when that is near. */
  private watchWindows(): void {
    const now = Math.floor(this.applied / WINDOW);
    const last = this.applied % WINDOW >= WINDOW / 2 ? now + 1 : now;
    for (const [window, { stop }] of this.windows) {
      if (window < now || window > last) {
        this.windows.delete(window);
        stop();
      }
    }
    for (let window = now; window <= last; window++) this.watchWindow(window);
  }

  private watchWindow(window: number): void {
    if (this.windows.has(window) || this.document_id === null) return;
    const watched: { has: Window | null; stop: () => void } = { has: null, stop: () => undefined };
    this.windows.set(window, watched);
    watched.stop = this.client.onUpdate(
      watch,
      { document_id: this.document_id, window },
      (value) => {
        if (this.windows.get(window) !== watched) return;
        watched.has = value as Window;
        this.failures = 0;
        this.takeWindows();
      },
      (error) => {
        if (this.windows.get(window) === watched) this.onRefused(error);
      },
    );
    // A client that knew the answer may have told it before it could be stopped.
    if (this.windows.get(window) !== watched) watched.stop();
  }

  /** In the order of their numbers, whichever is told first. */
  private takeWindows(): void {
    for (;;) {
      const has = this.windows.get(Math.floor(this.applied / WINDOW))?.has;
      if (!has) break;
      if (has.first > this.applied + 1) {
        this.reopen(0);
        return;
      }
      const fresh = has.updates.slice(this.applied + 1 - has.first);
      this.doc.transact(() => {
        for (const update of fresh) apply(this.doc, update, this);
      }, this);
      this.applied += fresh.length;
      if (this.standing.problem !== TOO_LARGE) this.tell({ problem: has.problem });
      if (fresh.length === 0 || this.applied % WINDOW !== 0) break;
    }
    this.watchWindows();
  }

  private onRefused(error: unknown): void {
    if (this.isDestroyed) return;
    const data: unknown = error instanceof ConvexError ? error.data : null;
    const { code = "", message = null } = (data ?? {}) as { code?: string; message?: string };
    const isFinal = FINAL.has(code);
    this.tell({ problem: message, ...(isFinal && { state: "refused", may_change: false }) });
    this.forget();
    // What looks final is asked for again too, for a while: the mirror of a new post may be a moment behind.
    if (!isFinal || this.failures < FINAL_TRIES) {
      this.reopen(Math.min(RETRIED_AT_MOST_MS, RETRIED_MS * 2 ** this.failures++));
    }
  }

  private reopen(wait: number): void {
    this.forget();
    this.reopening = setTimeout(() => void this.open(), wait);
  }

  private forget(): void {
    if (this.reopening !== null) clearTimeout(this.reopening);
    if (this.pushing !== null) clearTimeout(this.pushing);
    this.reopening = this.pushing = this.document_id = null;
    const watched = [...this.windows.values()];
    this.windows = new Map();
    for (const { stop } of watched) stop();
    this.cursors.follow(null);
  }

  private tell(news: Partial<Standing>): void {
    const changed = { ...this.standing, ...news };
    if (JSON.stringify(changed) === JSON.stringify(this.standing)) return;
    this.standing = changed;
    for (const listener of this.listeners) listener();
  }
}

/** What can't be read is left out, as it is when the text is written back: it must spoil nobody's. */
function apply(doc: Y.Doc, bytes: ArrayBuffer, origin: unknown): void {
  const update = new Uint8Array(bytes);
  try {
    Y.decodeUpdate(update);
    Y.applyUpdate(doc, update, origin);
  } catch (error) {
    console.warn("A change of this text can't be read and was left out.", error);
  }
}
