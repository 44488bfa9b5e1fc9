// What functions may do to their deployment by mistake.
import { mutationGeneric, queryGeneric } from "convex/server";
import { ConvexError, v } from "convex/values";

const HALF = "😀".slice(0, 1);
const deep = (levels: number) => {
  let made: unknown = 1;
  for (let level = 0; level < levels; level++) made = [made];
  return made as never;
};
declare const Convex: { syscall(op: string, args: string): string; asyncSyscall(op: string, args: string): Promise<string> };

export const logsHalf = mutationGeneric(async () => console.log(HALF, "x".repeat(4080) + "😀".repeat(20)));
export const throwsHalf = mutationGeneric(async () => {
  throw new Error(HALF);
});
export const throwsHalfAsData = mutationGeneric(async () => {
  throw new ConvexError(HALF);
});
export const returnsHalf = mutationGeneric(async () => HALF);
export const returnsBackslash = mutationGeneric(async () => ["\\ud800", "😀", "\\\\ud800"]);
export const insertsHalf = mutationGeneric(async (ctx) => await ctx.db.insert("odd", { half: HALF }));
export const asksForHalf = mutationGeneric(async (ctx) => await ctx.runQuery(`odd:${HALF}` as never));
export const insertsDeep = mutationGeneric(async (ctx) => await ctx.db.insert("odd", { deep: deep(5000) }));
export const returnsDeep = mutationGeneric({ args: {}, returns: v.any(), handler: async () => deep(100) });
export const throwsDeep = mutationGeneric(async () => {
  throw new ConvexError(deep(5000));
});
export const asks = mutationGeneric(async (_, { op, args }: { op: string; args: string }) => await Convex.asyncSyscall(op, args));
export const asksNow = mutationGeneric(async (_, { op, args }: { op: string; args: string }) => Convex.syscall(op, args));
export const page = queryGeneric(async (ctx, options: never) => await ctx.db.query("messages").paginate(options));
