import { makeFunctionReference } from "convex/server";
import type { Awareness } from "y-protocols/awareness";

import type { LiveClient } from "./client";

const point = makeFunctionReference<"mutation">("cursors:point");
const list = makeFunctionReference<"query">("cursors:list");

const POINTED_MS = 100;

type Cursor = { user_id: string; client: number; state: string };
type Changes = { added: number[]; updated: number[]; removed: number[] };

/** What editors know as awareness: what this client says of itself, and what the others do. */
export class Cursors {
  private document_id: string | null = null;
  private stop: () => void = () => undefined;
  private timer: ReturnType<typeof setTimeout> | null = null;
  private pointedAt = 0;
  /** What the others said last, as it came. */
  private shown = new Map<number, string>();

  constructor(
    private readonly client: LiveClient,
    private readonly awareness: Awareness,
  ) {
    awareness.on("update", this.onChange);
  }

  /** Null: nowhere for now. */
  follow(document_id: string | null): void {
    if (document_id === this.document_id) return;
    this.stop();
    this.stop = () => undefined;
    this.document_id = document_id;
    if (document_id === null) {
      this.show([]);
      return;
    }
    const ignore = () => undefined;
    this.stop = this.client.onUpdate(list, { document_id }, (cursors) => this.show(cursors as Cursor[]), ignore);
    this.pointSoon();
  }

  destroy(): void {
    this.awareness.off("update", this.onChange);
    if (this.timer !== null) clearTimeout(this.timer);
    this.stop();
    const args = { document_id: this.document_id, client: this.awareness.clientID, state: null };
    // When that isn't heard it ends by itself, only later.
    if (this.document_id !== null) this.client.mutation(point, args).catch(() => undefined);
    this.document_id = null;
  }

  /** Awareness says the same again every 15 seconds, so that the cursor stays. */
  private onChange = ({ added, updated, removed }: Changes, origin: unknown): void => {
    if (origin !== this && [...added, ...updated, ...removed].includes(this.awareness.clientID)) this.pointSoon();
  };

  private pointSoon(): void {
    this.timer ??= setTimeout(this.pointNow, Math.max(0, this.pointedAt + POINTED_MS - Date.now()));
  }

  private pointNow = (): void => {
    this.timer = null;
    const state = this.awareness.getLocalState();
    if (this.document_id === null) return;
    this.pointedAt = Date.now();
    const told = state === null || Object.keys(state).length === 0 ? null : JSON.stringify(state);
    const args = { document_id: this.document_id, client: this.awareness.clientID, state: told };
    // One that isn't taken is told again soon, and a text without cursors is a text all the same.
    this.client.mutation(point, args).catch(() => undefined);
  };

  /** Who it is comes from the deployment: what a client says of itself may be anything. */
  private show(cursors: readonly Cursor[]): void {
    const { awareness } = this;
    const others = new Map(
      cursors
        .filter(({ client }) => client !== awareness.clientID)
        .map(({ client, state, user_id }) => [client, { state, user_id }]),
    );
    const changes: Changes = { added: [], updated: [], removed: [] };
    for (const [client, { state, user_id }] of others) {
      const before = this.shown.get(client);
      if (before === state) continue;
      changes[before === undefined ? "added" : "updated"].push(client);
      this.shown.set(client, state);
      awareness.states.set(client, { ...parse(state), user_id });
      // The deployment ends cursors; Awareness needn't count.
      awareness.meta.set(client, { clock: 0, lastUpdated: Infinity });
    }
    for (const client of [...this.shown.keys()].filter((each) => !others.has(each))) {
      changes.removed.push(client);
      this.shown.delete(client);
      awareness.states.delete(client);
      awareness.meta.delete(client);
    }
    if (Object.values(changes).some((each) => each.length > 0)) {
      awareness.emit("change", [changes, this]);
      awareness.emit("update", [changes, this]);
    }
  }
}

function parse(state: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(state);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
