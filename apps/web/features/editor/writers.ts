/** Who has a shared text open, and who writes in it now. Who they are comes from the deployment, never from what they say. */
import { live, type LiveMember } from "@dfworx/api/live";
import type { LiveClient } from "@dfworx/api/live/document";
import type { Awareness } from "y-protocols/awareness";

const WRITES_FOR_MS = 3_000;

export interface Writer {
  user_id: string;
  name: string | null;
  isWriting: boolean;
}

export class Writers {
  private now: Writer[] = [];
  private people = new Map<string, LiveMember>();
  private wrote = new Map<string, number>();
  private timer: ReturnType<typeof setTimeout> | null = null;
  private readonly listeners = new Set<() => void>();
  private readonly stop: () => void;

  constructor(
    client: LiveClient,
    private readonly awareness: Awareness,
    private readonly userId: string,
  ) {
    const take = (value: unknown) => {
      this.people = new Map((value as LiveMember[]).map((each) => [each.user_id, each]));
      this.look();
    };
    this.stop = client.onUpdate(live.members.list, {}, take, () => undefined);
    awareness.on("change", this.look);
    awareness.doc.on("afterTransaction", this.onTransaction);
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  list = (): Writer[] => this.now;

  nameOf(userId: string): string | null {
    return this.people.get(userId)?.name ?? null;
  }

  destroy(): void {
    this.stop();
    if (this.timer !== null) clearTimeout(this.timer);
    this.awareness.off("change", this.look);
    this.awareness.doc.off("afterTransaction", this.onTransaction);
    this.tell([]);
  }

  private onTransaction = ({ local, afterState, beforeState }: Change): void => {
    if (local) return;
    for (const [client, clock] of afterState) {
      const userId: unknown = this.awareness.states.get(client)?.user_id;
      if (typeof userId === "string" && clock !== (beforeState.get(client) ?? 0)) this.wrote.set(userId, Date.now());
    }
    this.look();
  };

  private look = (): void => {
    if (this.timer !== null) clearTimeout(this.timer);
    const ids = [...this.awareness.states.values()].flatMap(({ user_id: id }) => (typeof id === "string" ? [id] : []));
    const others = [...new Set(ids)].filter((id) => id !== this.userId).sort();
    const since = Date.now() - WRITES_FOR_MS;
    this.tell(
      others.map((user_id) => ({
        user_id,
        name: this.nameOf(user_id),
        isWriting: (this.wrote.get(user_id) ?? 0) > since,
      })),
    );
    this.timer = this.now.some((each) => each.isWriting) ? setTimeout(this.look, WRITES_FOR_MS) : null;
  };

  private tell(now: Writer[]): void {
    if (JSON.stringify(now) === JSON.stringify(this.now)) return;
    this.now = now;
    for (const listener of this.listeners) listener();
  }
}

interface Change {
  local: boolean;
  afterState: Map<number, number>;
  beforeState: Map<number, number>;
}
