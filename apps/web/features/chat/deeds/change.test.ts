import { live, type Message, type MessageId, type Tag } from "@dfworx/api/live";
import type { OptimisticLocalStore } from "convex/browser";
import { getFunctionName, type FunctionReference } from "convex/server";
import { describe, expect, it } from "vitest";

import { changeMessage, changePin, togglePin, toggleReaction, toggleTag, withPin } from "./change";
import { titleOf } from "./postTitle";

function message(id: string, change: Partial<Message> = {}): Message {
  return {
    message_id: id as MessageId,
    thread_id: "t" as Message["thread_id"],
    user_id: "ada",
    text: "",
    sent_at: 1,
    number: 1,
    reply_to: null,
    edited_at: null,
    removed_at: null,
    attachments: [],
    reactions: [],
    tags: [],
    pinned_at: null,
    key: null,
    ...change,
  };
}

type AnyQuery = FunctionReference<"query">;

/** What a page has subscribed to, as Convex hands it to an optimistic update. */
function page(entries: [AnyQuery, unknown][]) {
  const values = new Map(entries.map(([query, value]) => [getFunctionName(query), value]));
  const store = {
    getQuery: (query: AnyQuery) => values.get(getFunctionName(query)),
    getAllQueries: (query: AnyQuery) => {
      const name = getFunctionName(query);
      return values.has(name) ? [{ args: {}, value: values.get(name) }] : [];
    },
    setQuery: (query: AnyQuery, _args: unknown, value: unknown) => void values.set(getFunctionName(query), value),
  } as unknown as OptimisticLocalStore;
  return { store, has: <T>(query: AnyQuery) => values.get(getFunctionName(query)) as T };
}

describe("on the page", () => {
  const [one, two] = [message("one"), message("two", { pinned_at: 1 })];

  it("a message changes wherever it is shown, and no other does", () => {
    const lists = [live.messages.around, live.pins.list] as AnyQuery[];
    const { store, has } = page([
      [live.messages.list, { page: [one, two], isDone: true, continueCursor: "" }],
      ...lists.map((query): [AnyQuery, unknown] => [query, [one, two]]),
    ]);
    changeMessage(store, one.message_id, (each) => ({ ...each, text: "changed" }));
    const expected = [{ ...one, text: "changed" }, two];
    expect(has<{ page: Message[] }>(live.messages.list).page).toEqual(expected);
    for (const query of lists) expect(has(query)).toEqual(expected);
  });

  it("what isn't loaded yet stays so", () => {
    const { store, has } = page([[live.messages.list, undefined]]);
    changeMessage(store, one.message_id, () => two);
    changePin(store, one);
    expect(has(live.messages.list)).toBeUndefined();
    expect(has(live.pins.list)).toBeUndefined();
  });

  it("a pin is in the list of pins at once, and out of it", () => {
    const { store, has } = page([[live.pins.list, [two]]]);
    changePin(store, one);
    expect(has<Message[]>(live.pins.list).map((each) => each.message_id)).toEqual(["one", "two"]);
    changePin(store, two);
    expect(has<Message[]>(live.pins.list).map((each) => each.message_id)).toEqual(["one"]);
  });
});

describe("a reaction", () => {
  it("comes, joins another's, and goes again", () => {
    const once = toggleReaction(message("m"), "🎉", "ada");
    const twice = toggleReaction(once, "🎉", "tomas");
    expect(twice.reactions).toEqual([{ emoji: "🎉", user_ids: ["ada", "tomas"] }]);
    expect(toggleReaction(twice, "🎉", "ada").reactions).toEqual([{ emoji: "🎉", user_ids: ["tomas"] }]);
  });

  it("that is nobody's any more is gone, and the others keep their order", () => {
    const before = message("m", {
      reactions: ["a", "b", "c"].map((emoji) => ({ emoji, user_ids: ["ada"] })),
    });
    expect(toggleReaction(before, "b", "ada").reactions.map((each) => each.emoji)).toEqual(["a", "c"]);
  });
});

describe("a pin", () => {
  it("puts the message before the others, and takes it out again", () => {
    const [first, second] = [message("a", { pinned_at: 1 }), message("b")];
    const pinned = togglePin(second, 2);
    expect(withPin([first], pinned)).toEqual([pinned, first]);
    expect(withPin([pinned, first], togglePin(pinned, 3))).toEqual([first]);
  });
});

it("a tag is on a message once", () => {
  const [one, two] = ["one", "two"] as Tag["tag_id"][];
  expect(toggleTag([one!], two!)).toEqual([one, two]);
  expect(toggleTag([one!, two!], one!)).toEqual([two]);
});

describe("the title of a post that begins as a message", () => {
  it("is its first sentence, without mark-up", () => {
    expect(titleOf("**We** use `systemd-run`. It works.\nMore")).toBe("We use systemd-run");
  });

  it("is cut between words", () => {
    const title = titleOf("word ".repeat(40));
    expect(title.length).toBeLessThanOrEqual(81);
    expect(title).toMatch(/word…$/);
  });

  it("may be nothing, which the dialog asks for", () => {
    expect(titleOf("")).toBe("");
  });
});
