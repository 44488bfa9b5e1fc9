import { live, type Message, type ThreadId } from "@dfworx/api/live";
import type { ConvexReactClient } from "convex/react";

import { bySaying, mergeMessages, overlaps } from "./merging";

const NEWEST = 40;
/** The newest page grows by what is said; beyond this it begins anew, as each message tells all of it again. */
const MOST_LIVE = 120;
/** What messages:around gives on each side of the one that is asked for. */
const AROUND = 25;
/** As near to the end of what is live, what is looked at is asked for anew. */
const EDGE = 8;

export interface Shown {
  /** Without gaps, the oldest first. */
  messages: readonly Message[];
  hasOlder: boolean;
  hasNewer: boolean;
  /** The thread's newest, here or not. */
  newest: Message | null;
  /** Counted up when it shows another part of the thread: nothing of the old sizes holds then. */
  generation: number;
  /** The last change came before what was there: the reading place is kept from the end. */
  isPrepended: boolean;
  isLoading: boolean;
  error: unknown;
}

const NOTHING: Shown = {
  messages: [],
  hasOlder: false,
  hasNewer: false,
  newest: null,
  generation: 0,
  isPrepended: false,
  isLoading: true,
  error: null,
};

/** A part of a thread, which grows as one scrolls. Live are its newest page and what is looked at; the rest stands as it
 * was told last, so that a message tells a small page again however much was read. */
export class MessageWindow {
  private shown = NOTHING;
  private readonly listeners = new Set<() => void>();
  private head: { page: readonly Message[]; isDone: boolean } | null = null;
  private stopHead: (() => void) | null = null;
  private begun = 0;
  private looked: { page: readonly Message[]; number: number; stop: () => void } | null = null;
  private isAsking = false;

  constructor(
    private readonly client: ConvexReactClient,
    private readonly threadId: ThreadId,
  ) {}

  readonly get = (): Shown => this.shown;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    if (!this.stopHead) this.watchNewest();
    return () => {
      this.listeners.delete(listener);
      if (this.listeners.size > 0) return;
      this.stopHead?.();
      this.stopHead = null;
      this.lookAway();
    };
  };

  /** After a failure. */
  readonly again = (): void => {
    this.stopHead?.();
    this.tell({ error: null, isLoading: true });
    this.watchNewest();
  };

  async loadOlder(): Promise<void> {
    const oldest = this.shown.messages[0];
    if (!oldest || !this.shown.hasOlder) return;
    await this.ask(oldest.number, (page) => {
      const merged = mergeMessages(this.shown.messages, page);
      const hasGrown = merged[0] !== this.shown.messages[0];
      this.tell({
        messages: merged,
        isPrepended: hasGrown,
        hasOlder: hasGrown && countUntil(page, oldest) > AROUND,
      });
    });
  }

  async loadNewer(): Promise<void> {
    const last = this.shown.messages.at(-1);
    if (!last || !this.shown.hasNewer) return;
    await this.ask(last.number, (page) => {
      this.tell({ messages: mergeMessages(this.shown.messages, page), isPrepended: false });
      this.join();
    });
  }

  /** Shows the part around this number, if it doesn't yet. False when there is no such message. */
  async show(number: number): Promise<boolean> {
    if (this.shown.messages.some((message) => message.number === number)) return true;
    return await this.ask(number, (page) => {
      const middle = page.find((message) => message.number === number);
      this.replace({
        messages: mergeMessages([], page),
        hasOlder: middle !== undefined && countUntil(page, middle) > AROUND,
        hasNewer: true,
      });
      this.join();
    });
  }

  showNewest(): void {
    if (!this.shown.hasNewer || !this.head) return;
    const { page, isDone } = this.head;
    this.replace({ messages: mergeMessages([], page), hasOlder: !isDone, hasNewer: false });
  }

  /** Keeps what is around this one live. */
  look(number: number): void {
    if (this.head?.page.some((message) => message.number === number)) return this.lookAway();
    if (this.looked && (this.looked.number === number || isWithin(this.looked.page, number))) return;
    this.lookAway();
    const watch = this.client.watchQuery(live.messages.around, { thread_id: this.threadId, number });
    const looked: NonNullable<typeof this.looked> = { page: [], number, stop: () => undefined };
    const update = () => {
      const page = resultOf(watch);
      if (!page) return;
      looked.page = page;
      if (overlaps(this.shown.messages, page)) this.refresh(page);
    };
    looked.stop = watch.onUpdate(update);
    this.looked = looked;
    update();
  }

  private lookAway(): void {
    this.looked?.stop();
    this.looked = null;
  }

  private watchNewest(): void {
    const paginationOpts = { numItems: NEWEST, cursor: null, id: ++this.begun };
    const watch = this.client.watchQuery(live.messages.list, { thread_id: this.threadId, paginationOpts });
    const update = () => {
      try {
        const told = watch.localQueryResult();
        if (told) this.takeNewest(told);
      } catch (error) {
        this.tell({ error, isLoading: false });
      }
    };
    this.stopHead = watch.onUpdate(update);
    update();
  }

  private takeNewest(told: { page: Message[]; isDone: boolean }): void {
    this.head = told;
    const newest = told.page[0] ?? null;
    if (this.shown.isLoading || this.shown.messages.length === 0) {
      this.replace({ messages: mergeMessages([], told.page), hasOlder: !told.isDone, hasNewer: false, newest });
    } else {
      this.tell({ newest, error: null });
      this.join();
      // So much was said while the connection was lost that some of it isn't here.
      if (newest && !this.shown.messages.some((message) => message.message_id === newest.message_id))
        this.tell({ hasNewer: true });
    }
    if (told.page.length > MOST_LIVE) {
      const stop = this.stopHead;
      this.watchNewest();
      stop?.();
    }
  }

  /** As soon as what is shown reaches the newest page, it goes on with it. */
  private join(): void {
    if (!this.head || !(this.head.isDone || overlaps(this.shown.messages, this.head.page))) return;
    this.tell({ messages: mergeMessages(this.shown.messages, this.head.page), hasNewer: false, isPrepended: false });
  }

  /** Changes of what is here; what lies beyond comes by its own way. */
  private refresh(page: readonly Message[]): void {
    const here = new Set(this.shown.messages.map((message) => message.message_id));
    const known = page.filter((message) => here.has(message.message_id));
    const messages = mergeMessages(this.shown.messages, known);
    if (messages !== this.shown.messages) this.tell({ messages, isPrepended: false });
  }

  private async ask(number: number, take: (page: readonly Message[]) => void): Promise<boolean> {
    if (this.isAsking) return false;
    this.isAsking = true;
    const { generation } = this.shown;
    try {
      const page = await this.client.query(live.messages.around, { thread_id: this.threadId, number });
      await nextFrame();
      if (generation === this.shown.generation) take(page);
      return true;
    } catch {
      return false;
    } finally {
      this.isAsking = false;
    }
  }

  private replace(part: Partial<Shown>): void {
    this.lookAway();
    const generation = this.shown.generation + 1;
    this.tell({ ...part, generation, isPrepended: false, isLoading: false, error: null });
  }

  private tell(change: Partial<Shown>): void {
    this.shown = { ...this.shown, ...change };
    for (const listener of this.listeners) listener();
  }
}

/** The list that shows them goes by its last scroll event until the next: rows put before it in between would be taken for
 * those in view, and all of these drawn twice. A frame tells its scroll events first. */
function nextFrame(): Promise<void> {
  if (document.hidden) return Promise.resolve();
  return new Promise((done) => requestAnimationFrame(() => done()));
}

/** How many of them were said up to this one, itself among them. */
function countUntil(page: readonly Message[], last: Message): number {
  return page.filter((message) => bySaying(message, last) <= 0).length;
}

/** The page is the newest first. */
function isWithin(page: readonly Message[], number: number): boolean {
  const at = page.findIndex((message) => message.number === number);
  return at >= EDGE && at < page.length - EDGE;
}

/** What is refused here was told by the newest page already. */
function resultOf<T>(watch: { localQueryResult: () => T | undefined }): T | undefined {
  try {
    return watch.localQueryResult();
  } catch {
    return undefined;
  }
}
