// A person's client for the tests of what apps do with documents: asks again after each change, and may be cut off.
import type { FunctionReference } from "convex/server";

import type { LiveClient } from "../../packages/api/src/live";
import type { Player } from "./stage.setup";

type Watched = { look: () => void };

export class Line implements LiveClient {
  static readonly open = new Set<Line>();
  private readonly watched = new Set<Watched>();
  private waiting: (() => void)[] = [];
  private isCut = false;
  pushes = 0;

  constructor(private readonly player: Player) {
    Line.open.add(this);
  }

  /** What is called then waits, and nothing is heard. */
  cut(): void {
    this.isCut = true;
  }

  mend(): void {
    this.isCut = false;
    for (const each of this.waiting.splice(0)) each();
    this.look();
  }

  look(): void {
    for (const each of this.watched) each.look();
  }

  onUpdate(
    query: FunctionReference<"query">,
    args: Record<string, unknown>,
    look: (value: unknown) => void,
    fail: (error: Error) => void,
  ): () => void {
    let last = Promise.resolve();
    const watched = {
      look: () => {
        last = last.then(async () => {
          if (this.isCut || !this.watched.has(watched)) return;
          try {
            const value: unknown = await this.player.query(query, args);
            if (this.watched.has(watched)) look(value);
          } catch (error) {
            if (this.watched.has(watched)) fail(error as Error);
          }
        });
      },
    };
    this.watched.add(watched);
    watched.look();
    return () => void this.watched.delete(watched);
  }

  async mutation(mutation: FunctionReference<"mutation">, args: Record<string, unknown>): Promise<unknown> {
    this.pushes += "updates" in args ? 1 : 0;
    await this.there();
    const value: unknown = await this.player.mutation(mutation, args);
    for (const each of Line.open) each.look();
    return value;
  }

  async action(action: FunctionReference<"action">, args: Record<string, unknown>): Promise<unknown> {
    await this.there();
    return await this.player.action(action, args);
  }

  private async there(): Promise<void> {
    while (this.isCut) await new Promise<void>((resolve) => this.waiting.push(resolve));
  }
}
