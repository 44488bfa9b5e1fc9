// What was set while the deployment is served.
import { queryGeneric } from "convex/server";
import { v } from "convex/values";

export const read = queryGeneric({ args: { name: v.string() }, handler: async (_, { name }) => process.env[name] ?? null });
