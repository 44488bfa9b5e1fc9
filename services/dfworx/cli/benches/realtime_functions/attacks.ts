import { mutationGeneric as mutation, queryGeneric as query } from "convex/server";
import { v } from "convex/values";

function loop(): never {
  for (;;);
}

async function microtasks(): Promise<never> {
  for (;;) await null;
}

/** A gigabyte that stays in use. */
function allocate(): number {
  const kept: number[][] = [];
  for (let megabytes = 0; megabytes < 1024; megabytes += 8) kept.push(new Array<number>(1 << 20).fill(megabytes + 0.5));
  return kept.length;
}

export const loopInQuery = query({ args: { asked: v.number() }, handler: loop });
export const loopInMutation = mutation({ args: { asked: v.number() }, handler: loop });
export const microtasksInQuery = query({ args: { asked: v.number() }, handler: microtasks });
export const microtasksInMutation = mutation({ args: { asked: v.number() }, handler: microtasks });
export const allocateInQuery = query({ args: { asked: v.number() }, handler: allocate });
export const allocateInMutation = mutation({ args: { asked: v.number() }, handler: allocate });
