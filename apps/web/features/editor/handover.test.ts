/** Nothing that is typed gets lost, comes twice or out of its order, whatever happens between a draft, its post and its
 * document: pages close, ways break, answers get lost, and others write by REST and in the document at the same time. */
import type { Post } from "@dfworx/api";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import * as Y from "yjs";

import { Draft } from "./draft";
import type { Kept } from "./keeping";
import { chanceOf, Line, Place, serverOf } from "./place.setup";
import { Sharing } from "./sharing";

const SEEDS = 150;
const STEPS = 60;
const POST = {
  post_id: "p1",
  title: "Plans",
  content: "Once upon a time\n\nthere was a text.",
  slug: "plans",
  status: "draft",
  visibility: "organization",
  category: null,
  readers: null,
  editors: [],
  version: 1,
} as unknown as Post;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

class Story {
  readonly chance;
  readonly place;
  readonly kept = new Map<string | null, Kept>();
  readonly typed = { mine: "", theirs: "", outside: "" };
  readonly told: string[] = [];
  private next = 0x4e00;
  line!: Line;
  draft!: Draft;
  private sharing: Sharing | null = null;
  private close: () => void = () => undefined;

  constructor(seed: number) {
    this.chance = chanceOf(seed);
    this.place = new Place(POST, this.chance);
    this.load();
  }

  /** Shown from what the server gave then, which the person's page may have had for a while. */
  load(): void {
    const { place, kept } = this;
    const line = (this.line = new Line(place));
    const keeper = {
      read: (id: string | null) => structuredClone(kept.get(id) ?? null),
      write: (id: string | null, each: Kept) => line.isDead || (kept.set(id, structuredClone(each)), true),
      drop: (id: string | null) => void (line.isDead || kept.delete(id)),
    };
    const words = { untitled: "Untitled", mine: "yours", theirs: "theirs" };
    const ports = { server: serverOf(place, line), keeper, words, onSaved: () => undefined, isSharing: true };
    this.draft = new Draft(place.post, ports);
    this.close = this.draft.open();
    this.sharing = new Sharing(this.line, this.draft, "p1", "u1");
  }

  /** The page goes, and comes again. */
  reload(): void {
    this.draft.keep();
    this.line.isDead = true;
    this.place.lines.delete(this.line);
    this.sharing?.close();
    this.sharing = null;
    this.close();
    this.load();
  }

  key(): string {
    return String.fromCharCode(this.next++);
  }

  type(): void {
    const { text } = this.draft;
    for (let left = 1 + this.chance() * 4; left >= 0; left--) {
      const key = this.key();
      const space = this.chance() < 0.3 ? " " : "";
      text.replace(text.read() + space + key);
      this.typed.mine += key;
    }
  }

  /** Somebody else, whose own way is good. */
  writeTogether(): void {
    const { place } = this;
    const opened = place.open("p1", 0);
    const doc = new Y.Doc();
    for (const each of [opened.snapshot, ...opened.updates]) if (each) Y.applyUpdate(doc, new Uint8Array(each));
    const updates: ArrayBuffer[] = [];
    doc.on("update", (update: Uint8Array) => updates.push(update.slice().buffer));
    const key = this.key();
    doc.getText("content").insert(0, key);
    this.typed.theirs = key + this.typed.theirs;
    place.push(updates);
  }

  writeOutside(): void {
    const { content } = this.place.post;
    const key = this.key();
    const at = content.indexOf("\n\n") + 1;
    this.typed.outside += key;
    this.place.change({ content: `${content.slice(0, at)}${key}${content.slice(at)}` });
  }

  async step(): Promise<void> {
    const deeds: [name: string, often: number, act: () => unknown][] = [
      ["type", 10, () => this.type()],
      ["theirs", 2, () => this.writeTogether()],
      ["outside", 1, () => this.writeOutside()],
      ["cut", 1, () => (this.line.isCut = true)],
      ["cut live", 1, () => (this.line.isLiveCut = true)],
      ["mend", 2, () => (this.line.isCut = this.line.isLiveCut = false)],
      ["reload", 0.5, () => this.reload()],
      ["title", 1, () => this.draft.change({ title: `Plans ${this.told.length}` })],
      ["save", 0.5, () => void this.draft.save()],
      ["category", 0.5, () => this.place.change({ category: `c${this.told.length}` as never })],
      ["wait", 3, () => vi.advanceTimersByTimeAsync(this.chance() * 8_000)],
    ];
    let left = this.chance() * deeds.reduce((sum, [, often]) => sum + often, 0);
    const [name, , act] = deeds.find(([, often]) => (left -= often) < 0) ?? deeds[0]!;
    this.told.push(name);
    await act();
    await vi.advanceTimersByTimeAsync(this.chance() * 700);
  }

  async end(): Promise<void> {
    this.line.isCut = this.line.isLiveCut = false;
    await vi.advanceTimersByTimeAsync(180_000);
  }
}

test.each(Array.from({ length: SEEDS }, (_, seed) => seed))("no keystroke is lost (%i)", async (seed) => {
  const story = new Story(seed);
  for (let step = 0; step < STEPS; step++) await story.step();
  await story.end();
  const told = story.told.join(" ");
  const { draft, place, typed } = story;
  const text = draft.text.read();
  const of = (keys: string) => [...text].filter((each) => keys.includes(each)).join("");
  expect({ isShared: draft.isShared, conflict: draft.state().conflict }, told).toEqual({
    isShared: true,
    conflict: null,
  });
  expect({ doc: place.text, post: place.post.content }, told).toEqual({ doc: text, post: text });
  expect([of(typed.mine), of(typed.theirs), [...of(typed.outside)].sort().join("")], told).toEqual([
    ...[typed.mine, typed.theirs, [...typed.outside].sort().join("")],
  ]);
  expect({ kept: [...story.kept.values()], saving: draft.state().saving }, told).toEqual({ kept: [], saving: "saved" });
});
