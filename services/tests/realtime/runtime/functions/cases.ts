// What the cases of this folder's tests call: as little of its own as possible, so that a case says what is done.
import { internalMutationGeneric, internalQueryGeneric, mutationGeneric, queryGeneric } from "convex/server";
import type { GenericMutationCtx, GenericQueryCtx, AnyDataModel } from "convex/server";
import { ConvexError, v } from "convex/values";
import type { GenericId, Value } from "convex/values";

type Reader = GenericQueryCtx<AnyDataModel>;
type Writer = GenericMutationCtx<AnyDataModel>;
type Expression = Value | { field: string } | { op: string; of: Expression[] } | { missing: true };
type Id = GenericId<string>;
interface Asked {
  table: string;
  index?: string;
  range?: [string, string, Value | { missing: true }][];
  order?: "asc" | "desc";
  filters?: Expression[];
  take?: number;
}

/** A value that arguments can't say. */
const orMissing = (value: unknown) => (value !== null && typeof value === "object" && "missing" in value ? undefined : value);

function express(q: any, expression: any): any {
  if (expression !== null && typeof expression === "object" && "field" in expression) return q.field(expression.field);
  if (expression !== null && typeof expression === "object" && "op" in expression) {
    return q[expression.op](...expression.of.map((each: Expression) => express(q, each)));
  }
  return orMissing(expression);
}

function ask(ctx: Reader, { table, index, range = [], order, filters = [] }: Asked): any {
  let query: any = ctx.db.query(table);
  if (index) {
    query = query.withIndex(index, (q: any) => range.reduce((so_far, [op, field, value]) => so_far[op](field, orMissing(value)), q));
  }
  if (order) query = query.order(order);
  for (const each of filters) query = query.filter((q: any) => express(q, each));
  return query;
}

export const put = mutationGeneric(async (ctx, { table, value }: { table: string; value: any }) => await ctx.db.insert(table, value));
export const putAll = mutationGeneric(async (ctx, { table, values }: { table: string; values: any[] }) => {
  const ids = [];
  for (const each of values) ids.push(await ctx.db.insert(table, each));
  return ids;
});
export const get = queryGeneric(async (ctx, { id }: { id: Id }) => await ctx.db.get(id));
export const patch = mutationGeneric(async (ctx, { id, value, drop = [] }: { id: Id; value: any; drop?: string[] }) => {
  await ctx.db.patch(id, { ...value, ...Object.fromEntries(drop.map((name) => [name, undefined])) });
  return await ctx.db.get(id);
});
export const getIn = queryGeneric(async (ctx, { table, id }: { table: string; id: Id }) => await ctx.db.get(table, id));
export const changeIn = mutationGeneric(async (ctx, { table, id, value }: { table: string; id: Id; value: any }) => {
  await ctx.db.patch(table, id, value);
  const patched = await ctx.db.get(table, id);
  await ctx.db.replace(table, id, { label: "replaced" });
  const replaced = await ctx.db.get(table, id);
  await ctx.db.delete(table, id);
  return [patched, replaced, await ctx.db.get(table, id)];
});
export const replace = mutationGeneric(async (ctx, { id, value }: { id: Id; value: any }) => {
  await ctx.db.replace(id, value);
  return await ctx.db.get(id);
});
export const remove = mutationGeneric(async (ctx, { id }: { id: Id }) => {
  await ctx.db.delete(id);
  return await ctx.db.get(id);
});
export const find = queryGeneric(async (ctx, asked: Asked) => {
  const query = ask(ctx, asked);
  return await (asked.take === undefined ? query.collect() : query.take(asked.take));
});
export const first = queryGeneric(async (ctx, asked: Asked) => await ask(ctx, asked).first());
export const unique = queryGeneric(async (ctx, asked: Asked) => await ask(ctx, asked).unique());
export const page = queryGeneric(
  async (ctx, { numItems, cursor, ...asked }: Asked & { numItems: number; cursor: string | null }) =>
    await ask(ctx, asked).paginate({ numItems, cursor }),
);
export const pageTwice = queryGeneric(async (ctx) => {
  await ctx.db.query("things").paginate({ numItems: 1, cursor: null });
  await ctx.db.query("things").paginate({ numItems: 1, cursor: null });
});
export const loop = mutationGeneric(async (ctx, asked: Asked) => {
  const seen = [];
  for await (const each of ask(ctx, asked)) {
    seen.push(each.label);
    if (seen.length < 20) await ctx.db.insert("things", { label: `${each.label}+`, group: "later" });
  }
  return seen;
});
export const normalize = queryGeneric(async (ctx, { table, id }: { table: string; id: string }) => ctx.db.normalizeId(table, id));
export const together = mutationGeneric(async (ctx, { labels }: { labels: string[] }) => {
  const ids = await Promise.all(labels.map((label) => ctx.db.insert("things", { label })));
  const found = await Promise.all(ids.map((id) => ctx.db.get(id)));
  return found.map((each) => each!["label"]);
});

export const who = queryGeneric(async (ctx) => await ctx.auth.getUserIdentity());
export const whoInside = mutationGeneric(async (ctx) => await ctx.runQuery("cases:who" as never));

const THROWN: Record<string, () => unknown> = {
  error: () => new Error("an error"),
  type: () => new TypeError("a type error"),
  text: () => new ConvexError("only words"),
  object: () => new ConvexError({ code: "refused", list: [1, 2n, null], when: { at: 5 } }),
  plain: () => new ConvexError({ code: "refused" }),
  nothing: () => new ConvexError(null as never),
};
export const fail = mutationGeneric(async (ctx, { how }: { how: string }) => {
  await ctx.db.insert("things", { label: "never" });
  throw THROWN[how]!();
});

export const checked = queryGeneric({
  args: {
    text: v.string(),
    number: v.optional(v.number()),
    choice: v.optional(v.union(v.literal("a"), v.literal(2))),
    thing: v.optional(v.id("things")),
    inner: v.optional(v.object({ list: v.array(v.int64()), map: v.optional(v.record(v.string(), v.null())) })),
  },
  returns: v.string(),
  handler: async (_, { text, number }) => (number === undefined ? text : (number as never)),
});

export const inner = internalMutationGeneric(async (ctx, { label, how }: { label: string; how?: string }) => {
  const id = await ctx.db.insert("things", { label });
  if (how) throw THROWN[how]!();
  return id;
});
export const labels = internalQueryGeneric(async (ctx: Reader) => (await ctx.db.query("things").collect()).map((each) => each["label"] as string));
async function attempt(ctx: Writer, label: string, how?: string): Promise<Value> {
  try {
    await ctx.runMutation("cases:inner" as never, (how ? { label, how } : { label }) as never);
    return "done";
  } catch (error) {
    return error instanceof ConvexError ? { data: error.data as Value } : "failed";
  }
}
export const nest = mutationGeneric(async (ctx, { hows }: { hows: (string | null)[] }) => {
  const told: Value[] = [];
  for (const [place, how] of hows.entries()) {
    await ctx.db.insert("things", { label: `outer ${place}` });
    told.push(await attempt(ctx, `inner ${place}`, how ?? undefined));
  }
  return { told, seen: await ctx.runQuery("cases:labels" as never) };
});
export const nestAndFail = mutationGeneric(async (ctx) => {
  await ctx.runMutation("cases:inner" as never, { label: "inner" } as never);
  throw new ConvexError("after all");
});
export const deeper = mutationGeneric(async (ctx) => {
  await ctx.db.insert("things", { label: "top" });
  return [await ctx.runMutation("cases:nest" as never, { hows: [null, "plain"] } as never), await attempt(ctx, "x", "error")];
});
