import type { Message, MessageId, Tag } from "@dfworx/api/live";
import { describe, expect, it } from "vitest";

import { togglePin, toggleReaction, toggleTag, withPin } from "./change";
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
