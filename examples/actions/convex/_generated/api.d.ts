// Written by `./dfworx gen`; do not edit.
import type { ApiFromModules, FilterApi, FunctionReference } from "convex/server";

import type * as fingerprints from "../fingerprints.js";
import type * as readings from "../readings.js";

declare const modules: ApiFromModules<{
  "fingerprints": typeof fingerprints;
  "readings": typeof readings;
}>;

export declare const api: FilterApi<typeof modules, FunctionReference<any, "public">>;
export declare const internal: FilterApi<typeof modules, FunctionReference<any, "internal">>;
