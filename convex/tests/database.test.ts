// The wall itself, with rows of two organizations: whatever is done through the database of one leaves the other's as it was
// and out of sight.
import { convexTest } from "convex-test";
import { expect, test } from "vitest";

import { OrganizationReader, OrganizationWriter } from "../database";
import schema from "../schema";

const modules = import.meta.glob(["../*.ts", "!../*.*.ts", "../_generated/*.js"]);
const OURS = crypto.randomUUID();
const THEIRS = crypto.randomUUID();
const tag = (name: string) => ({ group: "topic" as const, name });

function inBoth<T>(deed: (ours: OrganizationWriter, theirs: OrganizationWriter) => Promise<T>): Promise<T> {
  return convexTest({ schema, modules }).run((ctx) =>
    deed(new OrganizationWriter(ctx.db, OURS), new OrganizationWriter(ctx.db, THEIRS)),
  );
}

test("a row is its organization's, and absent for any other", async () => {
  await inBoth(async (ours, theirs) => {
    const tag_id = await ours.insert("tags", tag("Ours"));
    expect(await ours.get("tags", tag_id)).toMatchObject({ organization_id: OURS, name: "Ours" });
    expect(await theirs.get("tags", tag_id)).toBeNull();
  });
});

test("a range and a search find rows of the organization alone", async () => {
  await inBoth(async (ours, theirs) => {
    await ours.insert("tags", tag("Ours"));
    await theirs.insert("tags", tag("Theirs"));
    const person = { avatar_url: null, role: "member" as const, is_active: true, event: 1, name: "Ann Ash" };
    await ours.insert("members", { ...person, user_id: "ann of ours" });
    await theirs.insert("members", { ...person, user_id: "ann of theirs" });
    expect((await ours.range("tags", "by_group_and_name").collect()).map((each) => each.name)).toEqual(["Ours"]);
    const named = await ours.range("tags", "by_group_and_name", (q) => q.eq("group", "topic")).collect();
    expect(named.map((each) => each.name)).toEqual(["Ours"]);
    const found = await ours.search("members", "by_name", (q) => q.search("name", "ash")).collect();
    expect(found.map((each) => each.user_id)).toEqual(["ann of ours"]);
  });
});

test("another organization's row is neither changed nor deleted, by its id or as it was read", async () => {
  await inBoth(async (ours, theirs) => {
    const tag_id = await theirs.insert("tags", tag("Theirs"));
    const row = (await theirs.get("tags", tag_id))!;
    for (const which of [tag_id, row]) {
      await expect(ours.patch("tags", which, { name: "Ours" })).rejects.toThrow("no such row");
      await expect(ours.delete("tags", which)).rejects.toThrow("no such row");
    }
    expect(await theirs.get("tags", tag_id)).toEqual(row);
  });
});

test("no change moves a row to another organization, whatever it is made of", async () => {
  await inBoth(async (ours, theirs) => {
    const smuggled = { ...tag("Ours"), organization_id: THEIRS };
    const tag_id = await ours.insert("tags", smuggled);
    await ours.patch("tags", tag_id, smuggled);
    await ours.patch("tags", (await ours.get("tags", tag_id))!, smuggled);
    expect((await ours.get("tags", tag_id))?.organization_id).toBe(OURS);
    expect(await theirs.range("tags", "by_group_and_name").collect()).toEqual([]);
  });
});

test("a range can't be begun with another organization", async () => {
  await inBoth(async (ours, theirs) => {
    await theirs.insert("tags", tag("Theirs"));
    const begun = (db: OrganizationReader) =>
      // As code without types could: the index has no such place any more.
      db.range("tags", "by_group_and_name", (q) => q.eq("organization_id" as "group", THEIRS as never)).collect();
    await expect(begun(ours)).rejects.toThrow();
  });
});
