/**
 * Messages on their way, as they are kept on the device: each under a name of its own, so that two windows never write
 * over one another, and gone from there once the deployment has it. Their keys make it harmless to send one again.
 */
import { dropFromDevice, keepOnDevice, namesOnDevice, nameOnDevice, readFromDevice } from "@/features/session/device";

import type { OutgoingItem } from "./useOutgoing";

export type Queued = Omit<OutgoingItem, "state">;
/** What became of sending one. `stopped`: nothing can be sent now, and what is next would fare no better. */
export type Outcome = { kind: "sent" } | { kind: "refused"; problem: string } | { kind: "stopped" };

/** As far as one is signed in: `Me` has both. */
export type Person = Parameters<typeof nameOnDevice>[1];

/** What this device had no room for, until the page is closed. */
const loose = new Map<string, Queued>();
const listeners = new Set<() => void>();

export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(18));
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_");
}

function prefixOf(person: Person, threadId: string): string {
  return nameOnDevice("messages", person, `${threadId}.sending.`);
}

export function readQueue(person: Person, threadId: string): Queued[] {
  const prefix = prefixOf(person, threadId);
  const kept = namesOnDevice(prefix).map((name) => readFromDevice(name));
  const others = [...loose].flatMap(([name, item]) => (name.startsWith(prefix) ? [item] : []));
  return inOrder([...kept.filter(isQueued), ...others]);
}

/** Threads in which something waits to be sent, of this person on this device. */
export function threadsToSend(person: Person): string[] {
  const prefix = nameOnDevice("messages", person);
  const names = [...namesOnDevice(prefix), ...loose.keys()].filter((name) => name.startsWith(prefix));
  const threads = names.flatMap((name) => /^([^.]+)\.sending\./.exec(name.slice(prefix.length))?.[1] ?? []);
  return [...new Set(threads)];
}

export function putInQueue(person: Person, threadId: string, item: Queued): void {
  const name = prefixOf(person, threadId) + item.key;
  if (keepOnDevice(name, item)) loose.delete(name);
  else loose.set(name, item);
  tellListeners();
}

export function dropFromQueue(person: Person, threadId: string, key: string): void {
  const name = prefixOf(person, threadId) + key;
  loose.delete(name);
  dropFromDevice(name);
  tellListeners();
}

/** Called when this window or another one has changed a queue. */
export function watchQueues(listener: () => void): () => void {
  listeners.add(listener);
  window.addEventListener("storage", listener);
  return () => {
    listeners.delete(listener);
    window.removeEventListener("storage", listener);
  };
}

/** The order in which they were written, also where two were written in one millisecond. */
export function inOrder<Item extends Pick<Queued, "writtenAt" | "key">>(items: readonly Item[]): Item[] {
  return [...items].sort((one, other) => one.writtenAt - other.writtenAt || (one.key < other.key ? -1 : 1));
}

/** A moment after all that wait, whatever the clock says. */
export function momentAfter(items: readonly Queued[], now: number): number {
  return Math.max(now, ...items.map((each) => each.writtenAt + 1));
}

/** One after the other until nothing is left to send. Those that were refused step aside and wait for the person. */
export async function sendQueue(
  person: Person,
  threadId: string,
  send: (item: Queued) => Promise<Outcome>,
): Promise<void> {
  for (;;) {
    // Read anew each time: more may have been written, or another window may have sent some.
    const next = readQueue(person, threadId).find((each) => each.problem === null);
    if (!next) return;
    const outcome = await send(next);
    if (outcome.kind === "stopped") return;
    if (outcome.kind === "sent") dropFromQueue(person, threadId, next.key);
    else putInQueue(person, threadId, { ...next, problem: outcome.problem });
  }
}

/** One window at a time sends a queue; where windows can't agree, the keys alone see to it that all arrives once. */
export async function inTurn(name: string, deed: () => Promise<void>): Promise<void> {
  // Not there on pages without TLS.
  const locks = (navigator as Partial<Navigator>).locks;
  if (locks) return await locks.request(name, deed);
  const before = turns.get(name) ?? Promise.resolve();
  const mine = before.then(deed);
  turns.set(
    name,
    mine.catch(() => undefined),
  );
  await mine;
}

const turns = new Map<string, Promise<void>>();

export function nameOfTurn(person: Person, threadId: string): string {
  return prefixOf(person, threadId);
}

function tellListeners(): void {
  for (const listener of listeners) listener();
}

function isQueued(value: unknown): value is Queued {
  const { key, text, writtenAt } = (value ?? {}) as Partial<Queued>;
  return typeof key === "string" && typeof text === "string" && typeof writtenAt === "number";
}
