import { mutationGeneric, queryGeneric } from "convex/server";
import type { AnyDataModel, GenericMutationCtx, GenericQueryCtx, PaginationOptions } from "convex/server";

type Reader = GenericQueryCtx<AnyDataModel>;
type Writer = GenericMutationCtx<AnyDataModel>;
interface Asked {
  text: string;
  index?: string;
  field?: string;
  /** Of filter fields; null stands for one that isn't there. */
  where?: Record<string, string | boolean | null>;
  /** Notes without a smaller `n`, by an ordinary filter. */
  least?: number;
}

function search(ctx: Reader, { text, index = "search_body", field = "body", where = {}, least }: Asked): any {
  const found = ctx.db
    .query("notes")
    .withSearchIndex(index, (q: any) =>
      Object.entries(where).reduce((sought, [name, value]) => sought.eq(name, value ?? undefined), q.search(field, text)),
    );
  return least === undefined ? found : found.filter((q) => q.gte(q.field("n"), least));
}

const bodies = (notes: any[]): string[] => notes.map((each) => each.body);

export const write = mutationGeneric(async (ctx: Writer, { notes }: { notes: any[] }) => {
  for (const each of notes) await ctx.db.insert("notes", each);
});
/** In the order of the alphabet: convex-test knows no relevance. */
export const find = queryGeneric(async (ctx: Reader, asked: Asked) => bodies(await search(ctx, asked).collect()).sort());
export const best = queryGeneric(async (ctx: Reader, { take, ...asked }: Asked & { take: number }) => bodies(await search(ctx, asked).take(take)));
export const first = queryGeneric(async (ctx: Reader, asked: Asked) => await search(ctx, asked).first());
export const unique = queryGeneric(async (ctx: Reader, asked: Asked) => await search(ctx, asked).unique());
export const page = queryGeneric(async (ctx: Reader, { paginationOpts, ...asked }: Asked & { paginationOpts: PaginationOptions }) => {
  const found = await search(ctx, asked).paginate(paginationOpts);
  return { ...found, page: bodies(found.page) };
});
export const order = queryGeneric(async (ctx: Reader, asked: Asked) => await search(ctx, asked).order("desc").collect());
/** What a mutation finds of what it has just written itself. */
export const writeAndFind = mutationGeneric(async (ctx: Writer, { notes, ...asked }: Asked & { notes: any[] }) => {
  const ids = [];
  for (const each of notes) ids.push(await ctx.db.insert("notes", each));
  const [one] = ids;
  if (one) await ctx.db.patch(one, { body: "changed meanwhile" });
  return bodies(await search(ctx, asked).collect()).sort();
});
/** Each of those found, as it is read, is changed so that nobody finds it any more. */
export const hideAll = mutationGeneric(async (ctx: Writer, asked: Asked) => {
  let hidden = 0;
  for await (const each of search(ctx, asked)) {
    await ctx.db.patch(each._id, { body: "hidden" });
    hidden += 1;
  }
  return hidden;
});
