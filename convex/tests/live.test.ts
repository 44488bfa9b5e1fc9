import { afterEach, expect, test, vi } from "vitest";
import * as Y from "yjs";

import { LiveDocument } from "../../packages/api/src/live";
import { api, internal } from "../_generated/api";
import { documentOf, wholeOf } from "../texts";
import { Line } from "./live.setup";
import { stage, type Player } from "./stage.setup";

const opened: LiveDocument[] = [];

afterEach(() => {
  for (const each of opened.splice(0)) each.destroy();
  Line.open.clear();
});

async function post(text = "One.\n") {
  const ann = await stage.person(stage.organization());
  const mod = await stage.person(ann.organization_id, "moderator", "Mo Moor");
  const post_id = await stage.post(ann);
  const { organization_id } = ann;
  const { document_id } = await stage.operator.mutation(internal.saving.make, {
    ...{ organization_id, post_id, version: 1, snapshot: wholeOf(documentOf(text)) },
  });
  return { ann, mod, organization_id, post_id, document_id };
}

function join(player: Player, post_id: string, doc = new Y.Doc()) {
  const line = new Line(player);
  const live = new LiveDocument(line, post_id, doc);
  opened.push(live);
  const text = doc.getText("content");
  return { line, live, doc, text, type: (words: string) => text.insert(text.length, words) };
}

const until = (holds: () => void) => vi.waitFor(holds, { timeout: 20_000, interval: 5 });
const isOpen = (person: ReturnType<typeof join>) => until(() => expect(person.live.getStanding().state).toBe("open"));

test("what one types the others read, and all of it was sent", async () => {
  const { ann, mod, post_id } = await post();
  const [one, two] = [join(ann, post_id), join(mod, post_id)];
  await until(() => expect([one.text.toJSON(), two.text.toJSON()]).toEqual(["One.\n", "One.\n"]));
  one.type("Two.\n");
  await until(() => expect(two.text.toJSON()).toBe("One.\nTwo.\n"));
  two.text.delete(0, 5);
  await until(() => expect(one.text.toJSON()).toBe("Two.\n"));
  await until(() => expect(one.live.getStanding()).toMatchObject({ is_sent: true, may_change: true, problem: null }));
});

test("what is typed quickly is sent as few updates", async () => {
  const { ann, post_id } = await post();
  const one = join(ann, post_id);
  await isOpen(one);
  for (let n = 0; n < 50; n++) one.type("x");
  await until(() => expect(one.live.getStanding().is_sent).toBe(true));
  expect(one.line.pushes).toBe(1);
});

test("the longer the deployment takes, the longer changes wait for one another", async () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  try {
    const { ann, post_id } = await post();
    const one = join(ann, post_id);
    await isOpen(one);
    const send = async () => {
      const began = performance.now();
      one.type("x");
      await until(() => expect(one.live.getStanding().is_sent).toBe(true));
      return performance.now() - began;
    };
    await send();
    one.line.cut();
    const slow = send();
    await until(() => expect(one.line.pushes).toBe(2));
    vi.setSystemTime(Date.now() + 1_000);
    one.line.mend();
    await slow;
    await send();
    const waited = await send();
    expect(waited).toBeGreaterThan(200);
    for (let quiet = 0; quiet < 3; quiet++) await send();
    expect(await send()).toBeLessThan(waited);
  } finally {
    vi.useRealTimers();
  }
});

test("what was typed before it was opened and while away comes with the return", async () => {
  const { ann, mod, post_id } = await post();
  const early = new Y.Doc();
  early.getText("content").insert(0, "Early. ");
  const one = join(ann, post_id, early);
  const two = join(mod, post_id);
  await until(() => expect(two.text.toJSON()).toContain("Early. "));
  one.line.cut();
  for (let n = 0; n < 20; n++) {
    one.type(String(n % 10));
    two.text.insert(0, "-");
    await until(() => expect(two.live.getStanding().is_sent).toBe(true));
  }
  expect(one.live.getStanding().is_sent).toBe(false);
  one.line.mend();
  await until(() => expect(one.text.toJSON()).toBe(two.text.toJSON()));
  expect(two.text.toJSON()).toContain("01234567890123456789");
  expect(one.text.toJSON()).toContain("-".repeat(20));
});

test("a client passes from window to window, and opens again when what it needs is gone", async () => {
  const { ann, mod, post_id, document_id, organization_id } = await post("");
  const [one, two, late] = [join(ann, post_id), join(mod, post_id), join(mod, post_id)];
  await Promise.all([one, two, late].map(isOpen));
  late.line.cut();
  for (let n = 0; n < 70; n++) {
    one.type(String(n % 10));
    await until(() => expect(one.live.getStanding().is_sent).toBe(true));
  }
  await until(() => expect(two.text.length).toBe(70));
  const [state] = await stage.rows(organization_id, "document_states");
  const { updates: number, bytes } = state!;
  expect(number).toBe(70);
  const place = { organization_id, document_id };
  await stage.operator.mutation(internal.saving.record, { ...place, version: 2, number });
  await stage.operator.mutation(internal.saving.compact, { ...place, number, snapshot: wholeOf(one.doc), bytes });
  expect(late.text.length).toBe(0);
  late.line.mend();
  await until(() => expect(late.text.toJSON()).toBe(one.text.toJSON()));
  late.type("!");
  await until(() => expect(one.text.toJSON().endsWith("!")).toBe(true));
});

test("who may only read sees the text, and theirs isn't sent", async () => {
  const { ann, post_id } = await post();
  const ben = await stage.person(ann.organization_id, "member", "Ben Bay");
  const [one, two] = [join(ann, post_id), join(ben, post_id)];
  await isOpen(two);
  expect(two.live.getStanding().may_change).toBe(false);
  two.type("mine");
  one.type("ours");
  await until(() => expect(two.text.toJSON()).toContain("ours"));
  expect([two.line.pushes, two.live.getStanding().is_sent]).toEqual([0, false]);
});

test("a post that is taken away says so, and what was typed stays here", async () => {
  const { mod, organization_id, post_id } = await post();
  const one = join(mod, post_id);
  await isOpen(one);
  const [row] = await stage.rows(organization_id, "posts");
  await stage.change(organization_id, "posts", row!._id, { visibility: "author" });
  one.type("kept");
  await until(() => expect(one.live.getStanding().state).toBe("refused"));
  expect(one.live.getStanding()).toMatchObject({ may_change: false, is_sent: false });
  expect(one.text.toJSON()).toContain("kept");
});

test("cursors come and go, with the name of whose they are", async () => {
  const { ann, mod, post_id } = await post();
  const [one, two] = [join(ann, post_id), join(mod, post_id)];
  await Promise.all([one, two].map(isOpen));
  one.live.awareness.setLocalStateField("cursor", { anchor: 3 });
  one.live.awareness.setLocalStateField("user_id", "somebody else");
  const seen = () => two.live.awareness.getStates().get(one.doc.clientID);
  await until(() => expect(seen()).toEqual({ cursor: { anchor: 3 }, user_id: ann.user_id }));
  one.live.awareness.setLocalState(null);
  await until(() => expect(seen()).toBeUndefined());
});

test("an update that can't be read is left out by everybody", async () => {
  const { ann, mod, post_id, document_id } = await post();
  const [one, two] = [join(ann, post_id), join(mod, post_id)];
  await Promise.all([one, two].map(isOpen));
  const warn = vi.spyOn(console, "warn").mockReturnValue();
  await ann.mutation(api.documents.push, { document_id, updates: [new Uint8Array([9, 9, 9]).buffer] });
  one.type("Two.");
  await until(() => expect(two.text.toJSON()).toBe("One.\nTwo."));
  expect(warn).toHaveBeenCalled();
});
