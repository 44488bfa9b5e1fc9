import type { Post } from "@dfworx/api";
import { afterEach, expect, test, vi } from "vitest";

import { internal } from "../../../../convex/_generated/api";
import { Line } from "../../../../convex/tests/live.setup";
import { stage, type Player } from "../../../../convex/tests/stage.setup";
import { documentOf, wholeOf } from "../../../../convex/texts";
import { Draft } from "./draft";
import type { Kept } from "./keeping";
import { Sharing } from "./sharing";

const opened: Sharing[] = [];

afterEach(() => {
  for (const each of opened.splice(0)) each.close();
  Line.open.clear();
});

async function post(content: string) {
  const ann = await stage.person(stage.organization());
  const mod = await stage.person(ann.organization_id, "moderator", "Mo Moor");
  const post_id = await stage.post(ann);
  const { organization_id } = ann;
  const snapshot = wholeOf(documentOf(content));
  await stage.operator.mutation(internal.saving.make, { organization_id, post_id, version: 1, snapshot });
  const fields = { title: "Plans", category: null, readers: null, editors: [], visibility: "organization" };
  return { ann, mod, post: { ...fields, post_id, content, status: "draft", version: 1 } as unknown as Post };
}

function edit(player: Player, post: Post, kept = new Map<string | null, Kept>()) {
  const sent: unknown[] = [];
  const draft = new Draft(post, {
    server: {
      get: () => Promise.resolve(post),
      create: () => Promise.reject(new Error("It is there.")),
      update(known, changes) {
        sent.push(changes);
        return Promise.resolve({
          ...known,
          ...changes,
          readers: null,
          editors: [],
          version: known.version + 1,
        } as Post);
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
  const line = new Line(player);
  const sharing = new Sharing(line, draft, post.post_id, player.user_id);
  opened.push(sharing);
  return { draft, line, sharing, sent, kept, text: draft.text };
}

const until = (holds: () => void) => vi.waitFor(holds, { timeout: 20_000, interval: 5 });
const areShared = (...editors: ReturnType<typeof edit>[]) =>
  until(() => expect(editors.every(({ draft }) => draft.isShared)).toBe(true));

test("what one types the other reads, and neither sends the text to the post", async () => {
  const { ann, mod, post: plans } = await post("One.");
  const [one, two] = [edit(ann, plans), edit(mod, plans)];
  one.text.replace("One. Typed before it was open.");
  await areShared(one, two);
  await until(() => expect(two.text.read()).toBe("One. Typed before it was open."));
  two.text.replace("Both. One. Typed before it was open.");
  await until(() => expect(one.text.read()).toBe(two.text.read()));
  expect([one.sent, two.sent]).toEqual([[], []]);
});

test("each sees that the other is here, by the name that the deployment knows", async () => {
  const { ann, mod, post: plans } = await post("One.");
  const [one, two] = [edit(ann, plans), edit(mod, plans)];
  await areShared(one, two);
  await until(() => expect(one.sharing.writers.list()).toMatchObject([{ user_id: mod.user_id, name: "Mo Moor" }]));
  two.text.replace("One. Two.");
  await until(() => expect(one.sharing.writers.list()).toMatchObject([{ isWriting: true }]));
  two.sharing.close();
  await until(() => expect(one.sharing.writers.list()).toEqual([]));
});

test("what was typed while away is there once after a reload, and so is what others wrote", async () => {
  const { ann, mod, post: plans } = await post("One.");
  const [one, two] = [edit(ann, plans), edit(mod, plans)];
  await areShared(one, two);
  one.line.cut();
  one.text.replace("One. Mine.");
  two.text.replace("Theirs. One.");
  await until(() => expect(one.kept.get(plans.post_id)?.unsent).toBeTruthy());
  const kept = new Map(one.kept);
  const again = edit(ann, plans, kept);
  expect(again.text.read()).toBe("One. Mine.");
  await areShared(again);
  await until(() => expect(two.text.read()).toBe("Theirs. One. Mine."));
  one.line.mend();
  await until(() => expect(one.text.read()).toBe("Theirs. One. Mine."));
  expect([again.text.read(), two.text.read()]).toEqual(["Theirs. One. Mine.", "Theirs. One. Mine."]);
  await until(() => expect(again.kept.size).toBe(0));
});

test("who may not change the text shared keeps the draft as it was", async () => {
  const { ann, post: plans } = await post("One.");
  const ben = await stage.person(ann.organization_id, "member", "Ben Bay");
  const two = edit(ben, plans);
  two.text.replace("One. Mine.");
  await until(() => expect(two.sent).toEqual([{ content: "One. Mine." }]));
  expect(two.draft.isShared).toBe(false);
});
