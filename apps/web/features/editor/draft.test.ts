import { ApiProblem, type Post } from "@dfworx/api";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { Draft } from "./draft";
import type { Server } from "./draftState";
import type { Kept } from "./keeping";

const POST = {
  post_id: "p1",
  title: "Base fee",
  content: "one\ntwo",
  slug: "base-fee",
  status: "draft",
  visibility: "organization",
  category: null,
  readers: null,
  editors: [],
  version: 3,
} as unknown as Post;
const stale = () => new ApiProblem(412, "stale_version", "");

function open(
  post: Post | null,
  server: Partial<Server> = {},
  kept = new Map<string | null, Kept>(),
  begun = "",
  isSharing = false,
) {
  const calls: unknown[][] = [];
  let now = post;
  const draft = new Draft(
    post,
    {
      server: {
        get: () => Promise.resolve(now as Post),
        create(fields, key) {
          calls.push(["create", fields, key]);
          now = { ...POST, ...fields, readers: null, editors: [], version: 1 } as Post;
          return Promise.resolve(now);
        },
        update(known, changes, key) {
          calls.push(["update", known.version, changes, key]);
          now = { ...known, ...changes, readers: null, editors: [], version: known.version + 1 } as Post;
          return Promise.resolve(now);
        },
        ...server,
      },
      keeper: {
        read: (id) => kept.get(id) ?? null,
        write: (id, each) => (kept.set(id, each), true),
        drop: (id) => void kept.delete(id),
      },
      words: { untitled: "Untitled", mine: "yours", theirs: "theirs" },
      onSaved: () => undefined,
      isSharing,
    },
    begun,
  );
  const close = draft.open();
  return { draft, calls, kept, close };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("a draft", () => {
  it("is made by the first words, and saved again in the version that came back", async () => {
    const { draft, calls } = open(null);
    draft.text.replace("Hello");
    await vi.advanceTimersByTimeAsync(2_000);
    expect(calls[0]?.[1]).toMatchObject({ title: "Hello", content: "Hello" });
    draft.change({ title: "Greeting" });
    await vi.advanceTimersByTimeAsync(2_000);
    expect(calls[1]?.slice(0, 3)).toEqual(["update", 1, { title: "Greeting" }]);
    expect(draft.state().saving).toBe("saved");
  });

  it("takes the title that it was begun with, unless one was kept on the device", async () => {
    const { draft, calls } = open(null, {}, new Map(), " Tide\ntables ");
    expect(draft.fields.title).toBe("Tide tables");
    await vi.advanceTimersByTimeAsync(2_000);
    expect(calls[0]?.[1]).toMatchObject({ title: "Tide tables", content: "" });
    const fields = { ...draft.fields, title: "Kept", content: "Words" };
    const kept = new Map([[null, { fields, base: null, at: "2026-11-23T10:00:00Z" }]]);
    expect(open(null, {}, kept, "Tide tables").draft.fields.title).toBe("Kept");
  });

  it("sends nothing for nothing", async () => {
    const { draft, calls } = open(null);
    draft.text.replace("a");
    draft.text.replace("");
    await vi.advanceTimersByTimeAsync(20_000);
    expect(calls).toEqual([]);
    expect(draft.state().saving).toBe("blank");
  });

  it("is kept on the device while the server is away, and sent with the same key until it is there", async () => {
    const keys: string[] = [];
    let away = true;
    const { draft, kept } = open(POST, {
      update(known, changes, key) {
        keys.push(key);
        if (away) return Promise.reject(ApiProblem.unreachable(null));
        return Promise.resolve({ ...known, ...changes, readers: null, editors: [], version: 4 } as Post);
      },
    });
    draft.text.replace("one\ntwo\nthree");
    await vi.advanceTimersByTimeAsync(2_000);
    expect(draft.state().saving).toBe("offline");
    expect(kept.get("p1")?.fields.content).toBe("one\ntwo\nthree");
    away = false;
    await vi.advanceTimersByTimeAsync(5_000);
    expect(draft.state().saving).toBe("saved");
    expect(new Set(keys).size).toBe(1);
    expect(kept.size).toBe(0);
  });

  it("comes back from the device after a crash", async () => {
    const first = open(POST);
    first.draft.text.replace("one\ntwo\nlost?");
    await vi.advanceTimersByTimeAsync(400);
    const { draft } = open(POST, {}, first.kept);
    expect(draft.fields.content).toBe("one\ntwo\nlost?");
    expect(draft.state().restoredFrom).not.toBeNull();
    await vi.advanceTimersByTimeAsync(2_000);
    expect(draft.state().post?.version).toBe(4);
  });
});

describe("what others read already", () => {
  it("waits for its author to save it", async () => {
    const { draft, calls, kept } = open({ ...POST, status: "published" });
    draft.text.replace("one");
    await vi.advanceTimersByTimeAsync(60_000);
    expect(calls).toEqual([]);
    expect(draft.state().saving).toBe("held");
    expect(kept.has("p1")).toBe(true);
    expect(await draft.save()).toBe(true);
    expect(kept.has("p1")).toBe(false);
  });
});

describe("a newer version", () => {
  const meeting = (theirs: Partial<Post>) => {
    let refused = false;
    const sent: unknown[] = [];
    const opened = open(POST, {
      get: () => Promise.resolve({ ...POST, ...theirs, version: 4 }),
      update(known, changes) {
        if (!refused) {
          refused = true;
          return Promise.reject(stale());
        }
        sent.push([known.version, changes]);
        return Promise.resolve({
          ...known,
          ...changes,
          readers: null,
          editors: [],
          version: known.version + 1,
        } as Post);
      },
    });
    return { ...opened, sent };
  };

  it("of something else is taken, and mine saved on top", async () => {
    const { draft, sent } = meeting({ title: "Their title" });
    draft.text.replace("mine");
    await vi.advanceTimersByTimeAsync(10_000);
    expect(draft.fields).toMatchObject({ title: "Their title", content: "mine" });
    expect(sent).toEqual([[4, { content: "mine" }]]);
  });

  it("of the same text waits for a choice, and keeping mine is a version after theirs", async () => {
    const { draft, sent } = meeting({ content: "theirs" });
    draft.text.replace("mine");
    await vi.advanceTimersByTimeAsync(10_000);
    expect(draft.state().saving).toBe("conflict");
    expect(sent).toEqual([]);
    draft.resolve("mine");
    await vi.advanceTimersByTimeAsync(2_000);
    expect(sent).toEqual([[4, { content: "mine" }]]);
  });

  it("taken can be taken back", async () => {
    const { draft } = meeting({ content: "theirs" });
    draft.text.replace("mine");
    await vi.advanceTimersByTimeAsync(10_000);
    const undo = draft.resolve("theirs");
    expect(draft.fields.content).toBe("theirs");
    expect(draft.state().saving).toBe("saved");
    undo?.();
    expect(draft.fields.content).toBe("mine");
  });

  it("merged has both", async () => {
    const { draft } = meeting({ content: "ONE\ntwo" });
    draft.text.replace("one\ntwo\nthree");
    await vi.advanceTimersByTimeAsync(10_000);
    draft.resolve("merge");
    expect(draft.fields.content).toContain("ONE");
    expect(draft.fields.content).toContain("three");
  });

  it("that is our own, whose answer was lost, is no conflict", async () => {
    const { draft } = meeting({ content: "mine" });
    draft.text.replace("mine");
    await vi.advanceTimersByTimeAsync(10_000);
    expect(draft.state()).toMatchObject({ saving: "saved", conflict: null });
  });
});
