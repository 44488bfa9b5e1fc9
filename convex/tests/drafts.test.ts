import { expect, test } from "vitest";

import { api } from "../_generated/api";
import { quote } from "../quoting";
import { refusal } from "./stage.setup";
import { FILE, talk } from "./talk.setup";

const at = Date.parse("2026-03-10T12:05:30Z");

test("messages become quotations, which end what they leave open", () => {
  const said = [
    { name: "Ann Ash", text: "One\n\n```js\nlet a", sent_at: at, attachments: [] },
    { name: "_Ben_ <b>", text: "Two", sent_at: at + 60_000, attachments: [FILE] },
  ];
  expect(quote(said)).toBe(
    [
      "**Ann Ash**, 2026-03-10 12:05 UTC",
      "> One\n>\n> ```js\n> let a",
      "**\\_Ben\\_ \\<b\\>**, 2026-03-10 12:06 UTC",
      `> Two\n>\n> [plan.pdf](/api/web/files/${FILE.file_id})`,
    ].join("\n\n"),
  );
});

test("nothing bad becomes a draft", async () => {
  const { ann, thread_id } = await talk();
  const make = (title: string, more: object = {}) =>
    refusal(ann.action(api.drafts.fromThread, { thread_id, title, ...more }));
  expect(await make("Empty")).toBe("invalid");
  const message_id = await ann.mutation(api.messages.send, { thread_id, text: "Sow now" });
  for (const title of [" ", "x".repeat(301)]) {
    expect(await make(title)).toBe("invalid");
  }
  const elsewhere = await ann.mutation(api.threads.create, { name: "Kitchen" });
  const astray = await ann.mutation(api.messages.send, { thread_id: elsewhere, text: "Cook" });
  expect(await make("Mixed", { message_ids: [message_id, astray] })).toBe("invalid");
  await ann.mutation(api.messages.remove, { message_id });
  expect(await make("Removed", { message_ids: [message_id] })).toBe("invalid");
});

test("a draft that can't be made now is one to try again", async () => {
  const { ann, thread_id } = await talk();
  await ann.mutation(api.messages.send, { thread_id, text: "Sow now" });
  // This deployment knows of no web service.
  expect(await refusal(ann.action(api.drafts.fromThread, { thread_id, title: "Sowing" }))).toBe("unavailable");
});
