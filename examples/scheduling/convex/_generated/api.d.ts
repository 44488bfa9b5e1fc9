// Written by `./dfworx gen`; do not edit.
import type { ApiFromModules, FilterApi, FunctionReference } from "convex/server";

import type * as reminders from "../reminders.js";

declare const modules: ApiFromModules<{
  "reminders": typeof reminders;
}>;

export declare const api: FilterApi<typeof modules, FunctionReference<any, "public">>;
export declare const internal: FilterApi<typeof modules, FunctionReference<any, "internal">>;
