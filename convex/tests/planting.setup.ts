// Rows that another part of DFWorX would have written, and a look at all there are. The stage adds this to the functions
// as the module `planting`; no deployment of people's has it.
import { v } from "convex/values";

import { sweepMutation, sweepQuery, writerFor } from "../access";
import type { TableNames } from "../_generated/dataModel";
import { openOrganizationThread } from "../threads";

const table = v.string();
const organization_id = v.string();

export const insert = sweepMutation({
  args: { organization_id, table, row: v.any() },
  returns: v.string(),
  handler: (ctx, args) => writerFor(ctx, args.organization_id).insert(args.table as TableNames, args.row as never),
});

export const patch = sweepMutation({
  args: { organization_id, table, id: v.string(), changes: v.any() },
  returns: v.null(),
  handler: async (ctx, args) => {
    await writerFor(ctx, args.organization_id).patch(args.table as TableNames, args.id as never, args.changes as never);
    return null;
  },
});

export const list = sweepQuery({
  args: { organization_id, table },
  returns: v.array(v.any()),
  handler: async (ctx, args) => {
    const rows = await ctx.db.query(args.table as TableNames).collect();
    return rows.filter((row) => row.organization_id === args.organization_id);
  },
});

export const pending = sweepQuery({
  args: { organization_id, name: v.string() },
  returns: v.number(),
  handler: async (ctx, args) => {
    const scheduled = await ctx.db.system.query("_scheduled_functions").collect();
    return scheduled.filter(
      ({ name, state, args: [given] }) =>
        name === args.name &&
        (state.kind === "pending" || state.kind === "inProgress") &&
        (given as { organization_id?: string }).organization_id === args.organization_id,
    ).length;
  },
});

/** As the mirror does with an organization that it hears of first. */
export const openThread = sweepMutation({
  args: { organization_id },
  returns: v.id("threads"),
  handler: (ctx, args) => openOrganizationThread(writerFor(ctx, args.organization_id)),
});
