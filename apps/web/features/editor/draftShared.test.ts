import { ApiProblem, type Post } from "@dfworx/api";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { Draft } from "./draft";
import { savingOf } from "./draftState";
import type { Kept, Unsent } from "./keeping";

const POST = {
  post_id: "p1",
  title: "Base fee",
  content: "one",
  slug: "base-fee",
  status: "draft",
  visibility: "organization",
  category: null,
  readers: null,
  editors: [],
  version: 3,
} as unknown as Post;

/** With a server that knows versions, as the real one. */
function open(post: Post | null = POST, kept = new Map<string | null, Kept>()) {
  const sent: unknown[] = [];
  const server = { now: post };
  const draft = new Draft(post, {
    server: {
      get: () => Promise.resolve(server.now as Post),
      create(fields) {
        server.now = { ...POST, ...fields, readers: null, editors: [], version: 1 } as Post;
        return Promise.resolve(server.now);
      },
      update(known, changes) {
        if (known.version !== server.now?.version) return Promise.reject(new ApiProblem(412, "stale_version", ""));
        sent.push(changes);
        server.now = { ...server.now, ...changes, readers: null, editors: [], version: known.version + 1 } as Post;
        return Promise.resolve(server.now);
      },
    },
    keeper: {
      read: (id) => kept.get(id) ?? null,
      write: (id, each) => (kept.set(id, each), true),
      drop: (id) => void kept.delete(id),
    },
    words: { untitled: "Untitled", mine: "yours", theirs: "theirs" },
    onSaved: () => undefined,
    isSharing: true,
  });
  draft.open();
  const writeBack = (content: string) => {
    server.now = { ...(server.now as Post), content, version: (server.now?.version ?? 0) + 1 };
  };
  return { draft, sent, kept, server, writeBack };
}

const there = () => Promise.resolve(true);
const home = (unsent: Unsent | null = null) => ({ save: () => Promise.resolve(), unsent: () => unsent });

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("a draft whose text is shared", () => {
  it("sends what else changed and never the text", async () => {
    const { draft, sent } = open();
    await draft.share(home(), there, () => true);
    draft.text.replace("one two");
    await vi.advanceTimersByTimeAsync(20_000);
    draft.change({ title: "Fees" });
    await vi.advanceTimersByTimeAsync(5_000);
    expect(sent).toEqual([{ title: "Fees" }]);
  });

  it("saves a title on top of the versions that the text makes meanwhile", async () => {
    const { draft, sent, server, writeBack } = open();
    await draft.share(home(), there, () => true);
    draft.text.replace("one two");
    writeBack("one two");
    draft.change({ title: "Fees" });
    await vi.advanceTimersByTimeAsync(2_000);
    expect(sent).toEqual([{ title: "Fees" }]);
    expect(draft.state()).toMatchObject({ saving: "saved", conflict: null, post: { version: server.now?.version } });
  });

  it("still asks when two people gave it different titles", async () => {
    const { draft, sent, server } = open();
    await draft.share(home(), there, () => true);
    server.now = { ...POST, title: "Theirs", content: "one two", version: 4 };
    draft.change({ title: "Mine" });
    await vi.advanceTimersByTimeAsync(20_000);
    expect(sent).toEqual([]);
    expect(draft.state().conflict?.clashes).toEqual(["title"]);
    draft.text.replace("one two three");
    draft.resolve("theirs");
    expect(draft.fields).toMatchObject({ title: "Theirs", content: "one two three" });
  });

  it("follows the version that the text was written back as", async () => {
    const { draft, writeBack } = open();
    await draft.share(home(), there, () => true);
    draft.text.replace("one two");
    expect(draft.isUpToDate).toBe(false);
    writeBack("one two");
    await draft.follow();
    expect(draft.state().post?.version).toBe(4);
    expect([draft.isUpToDate, draft.state().saving]).toEqual([true, "saved"]);
  });

  it("is saved when its document is, in the version that comes of it", async () => {
    const { draft, writeBack } = open();
    const save = () => Promise.resolve(writeBack("one two"));
    await draft.share({ ...home(), save }, there, () => true);
    draft.text.replace("one two");
    expect(await draft.save()).toBe(true);
    expect(draft.state().post).toMatchObject({ content: "one two", version: 4 });
  });

  it("says what is not sent, and keeps it until it is", async () => {
    let unsent: Unsent | null = { update: "AAA=", content: "one two" };
    const { draft, kept } = open();
    await draft.share({ ...home(), unsent: () => unsent }, there, () => true);
    draft.text.replace("one two");
    draft.tell({ isSent: false, isConnected: false, problem: null });
    await vi.advanceTimersByTimeAsync(1_000);
    expect(savingOf(draft.state())).toBe("offline");
    expect(kept.get("p1")).toMatchObject({ unsent, fields: { content: "one two" } });
    unsent = null;
    draft.tell({ isSent: true, isConnected: true, problem: null });
    expect(savingOf(draft.state())).toBe("saved");
    expect(kept.size).toBe(0);
  });
});

describe("a text that is about to be shared", () => {
  it("isn't sent until that is decided, and then by the draft when it can't be", async () => {
    const { draft, sent, kept } = open();
    draft.text.replace("one mine");
    await vi.advanceTimersByTimeAsync(4_000);
    expect([sent, draft.state().saving]).toEqual([[], "saving"]);
    expect(kept.get("p1")?.fields.content).toBe("one mine");
    draft.stayAlone();
    await vi.advanceTimersByTimeAsync(4_000);
    expect(sent).toEqual([{ content: "one mine" }]);
  });

  it("brings along what was typed meanwhile, and what it was made of", async () => {
    const { draft } = open(null);
    draft.text.replace("Hello");
    await vi.advanceTimersByTimeAsync(2_000);
    draft.text.replace("Hello there");
    const join = vi.fn(() => true);
    await draft.share(home(), there, join);
    expect(join).toHaveBeenCalledWith(["Hello"], null);
    expect(draft.fields.content).toBe("Hello there");
  });

  it("meets a newer version in its document, not in a dialog", async () => {
    const first = open();
    first.draft.text.replace("one mine");
    first.draft.keep();
    const { draft, sent } = open({ ...POST, content: "one theirs", version: 4 }, first.kept);
    const join = vi.fn(() => true);
    await draft.share(home(), there, join);
    await vi.advanceTimersByTimeAsync(20_000);
    expect(join).toHaveBeenCalledWith(["one"], null);
    expect([sent, draft.state().conflict]).toEqual([[], null]);
  });

  it("gives its document what was on its way when the page went", async () => {
    const first = open();
    await first.draft.share(home({ update: "AAA=", content: "one mine" }), there, () => true);
    first.draft.text.replace("one mine");
    first.draft.keep();
    const { draft } = open(POST, first.kept);
    expect(draft.fields.content).toBe("one mine");
    const join = vi.fn(() => true);
    await draft.share(home(), there, join);
    expect(join).toHaveBeenCalledWith(["one"], { update: "AAA=", content: "one mine" });
  });
});
