/** Between a draft and the document that its text is while several people write it: opens it, brings the two together, and
 * tells the draft how the document stands. Without a connection the draft saves the text itself until there is one. */
import { ApiProblem } from "@dfworx/api";
import { LiveDocument, type LiveClient } from "@dfworx/api/live/document";
import * as Y from "yjs";

import { carets } from "./carets";
import type { Draft } from "./draft";
import type { Unsent } from "./keeping";
import { closest } from "./meeting";
import { Writers } from "./writers";

/** Opening takes less where there is a connection. */
const OPENED_WITHIN_MS = 5_000;
const SENT_WITHIN_MS = 15_000;
const AGAIN_AFTER_MS = 10_000;
/** What takes longer is told; all else would only flicker. */
const TOLD_AFTER_MS = 1_000;
const KEPT_AFTER_MS = 300;
/** A text is written back within three seconds of a change; a busy server takes longer. */
const FOLLOWED_AFTER_MS = [4_000, 8_000, 16_000];

export class Sharing {
  readonly writers: Writers;
  private readonly doc = new Y.Doc();
  private readonly live: LiveDocument;
  private readonly timers: Partial<Record<"open" | "tell" | "keep" | "follow", ReturnType<typeof setTimeout>>> = {};
  private stage: "opening" | "joining" | "joined" | "over" = "opening";
  private leave: () => void = () => undefined;
  private isConnected = true;
  /** What the others had when all that was written here was last sent. */
  private sent: Uint8Array = new Uint8Array();
  private isSent = true;

  constructor(
    client: LiveClient,
    private readonly draft: Draft,
    postId: string,
    userId: string,
  ) {
    this.live = new LiveDocument(client, postId, this.doc);
    this.writers = new Writers(client, this.live.awareness, userId);
    this.live.subscribe(this.onStanding);
    this.timers.open = setTimeout(() => this.stage === "opening" && this.draft.stayAlone(), OPENED_WITHIN_MS);
  }

  connected(isConnected: boolean): void {
    this.isConnected = isConnected;
    if (this.stage === "joined") this.tellSoon();
  }

  /** What is on its way goes on; nothing here hears of it any more. */
  close(): void {
    if (this.stage === "over") return;
    this.draft.keep();
    this.end();
    if (this.isSent) this.live.destroy();
    else {
      const isDone = () => this.live.getStanding().is_sent && this.live.destroy();
      this.live.subscribe(isDone);
      setTimeout(this.live.destroy, SENT_WITHIN_MS);
    }
  }

  /** For the draft. */
  save = async (): Promise<void> => {
    await this.untilSent();
    await within(SENT_WITHIN_MS, this.live.save());
  };

  unsent = (): Unsent | null => {
    if (this.isSent) return null;
    const update = Y.encodeStateAsUpdate(this.doc, this.sent.length > 0 ? this.sent : undefined);
    const bytes = Array.from(update, (byte) => String.fromCharCode(byte)).join("");
    return { update: btoa(bytes), content: this.draft.text.read() };
  };

  private onStanding = (): void => {
    const { state, may_change, is_sent } = this.live.getStanding();
    if (this.stage === "over") return;
    if (state === "refused" || (state === "open" && !may_change)) {
      if (this.stage === "joining") this.stage = "opening";
      this.draft.stayAlone();
      // A new post's mirror may be a moment behind: before the first opening it is asked again.
      if (this.stage === "joined" || state === "open") this.close();
      return;
    }
    if (state === "open" && this.stage === "opening") {
      this.stage = "joining";
      clearTimeout(this.timers.open);
      void this.share();
    }
    if (is_sent !== this.isSent && this.stage === "joined") {
      this.isSent = is_sent;
      if (is_sent) this.onSent();
    }
    if (this.stage === "joined") this.tellSoon();
  };

  private async share(): Promise<void> {
    if ((await this.draft.share(this, this.reach, this.join)) || this.stage !== "joining") return;
    this.stage = "opening";
    this.draft.stayAlone();
    this.timers.open = setTimeout(this.onStanding, AGAIN_AFTER_MS);
  }

  private reach = async (version: number): Promise<boolean> => {
    const isReached = await within(OPENED_WITHIN_MS, this.live.reach(version)).catch(() => false);
    return isReached && this.stage === "joining";
  };

  private join = (bases: string[], unsent: Unsent | null): boolean => {
    if (this.stage !== "joining") return false;
    const shared = this.doc.getText("content");
    this.sent = Y.encodeStateVector(this.doc);
    const isKnown = unsent !== null && this.takeUnsent(unsent.update);
    this.stage = "joined";
    this.doc.on("update", this.onChange);
    const { awareness } = this.live;
    const base = isKnown ? unsent.content : closest(shared.toJSON(), bases);
    this.leave = this.draft.text.join(shared, base, carets(shared, awareness, this.writers));
    this.isSent = this.live.getStanding().is_sent;
    awareness.setLocalStateField("cursor", null);
    this.followSoon();
    return true;
  };

  /** False when it was made of a document that isn't there any more. */
  private takeUnsent(kept: string): boolean {
    const update = Uint8Array.from(atob(kept), (character) => character.charCodeAt(0));
    const tried = new Y.Doc();
    try {
      Y.applyUpdate(tried, Y.encodeStateAsUpdate(this.doc));
      Y.applyUpdate(tried, update);
      if (tried.store.pendingStructs !== null || tried.store.pendingDs !== null) return false;
      Y.applyUpdate(this.doc, update);
      return true;
    } catch {
      return false;
    } finally {
      tried.destroy();
    }
  }

  private onChange = (): void => {
    this.followSoon();
    this.timers.keep ??= setTimeout(() => {
      delete this.timers.keep;
      if (!this.isSent) this.draft.keep();
    }, KEPT_AFTER_MS);
  };

  private onSent(): void {
    this.sent = Y.encodeStateVector(this.doc);
    this.draft.keep();
  }

  private tellSoon(): void {
    const tell = () => {
      delete this.timers.tell;
      const { is_sent, problem } = this.live.getStanding();
      const now = { isSent: is_sent, isConnected: this.isConnected, problem };
      const { shared } = this.draft.state();
      if (JSON.stringify(now) !== JSON.stringify(shared)) this.draft.tell(now);
    };
    this.timers.tell ??= setTimeout(tell, TOLD_AFTER_MS);
  }

  /** When nobody has written for a moment: the version that the text has by then. */
  private followSoon(tries = 0): void {
    clearTimeout(this.timers.follow);
    const after = FOLLOWED_AFTER_MS[tries];
    if (after === undefined) return;
    this.timers.follow = setTimeout(() => {
      const again = () => this.stage === "joined" && !this.draft.isUpToDate && this.followSoon(tries + 1);
      this.draft.follow().then(again, again);
    }, after);
  }

  private async untilSent(): Promise<void> {
    if (this.live.getStanding().is_sent) return;
    let stop: () => void = () => undefined;
    const sent = new Promise<void>((done) => {
      stop = this.live.subscribe(() => this.live.getStanding().is_sent && done());
    });
    await within(SENT_WITHIN_MS, sent).finally(stop);
  }

  private end(): void {
    if (this.stage === "joined") this.doc.off("update", this.onChange);
    this.stage = "over";
    this.leave();
    Object.values(this.timers).forEach(clearTimeout);
    this.live.awareness.setLocalState(null);
    this.writers.destroy();
  }
}

async function within<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, fail) => {
    timer = setTimeout(() => fail(ApiProblem.unreachable(null)), milliseconds);
  });
  return await Promise.race([work, late]).finally(() => clearTimeout(timer));
}
