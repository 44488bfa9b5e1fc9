// Written by `./dfworx gen`; do not edit.
import type { ApiFromModules, FilterApi, FunctionReference } from "convex/server";

import type * as access from "../access.js";
import type * as database from "../database.js";
import type * as imports from "../imports.js";
import type * as outgoing from "../outgoing.js";
import type * as presence from "../presence.js";
import type * as readable from "../readable.js";
import type * as refusal from "../refusal.js";
import type * as session from "../session.js";
import type * as shapes from "../shapes.js";
import type * as typing from "../typing.js";

declare const modules: ApiFromModules<{
  "access": typeof access;
  "database": typeof database;
  "imports": typeof imports;
  "outgoing": typeof outgoing;
  "presence": typeof presence;
  "readable": typeof readable;
  "refusal": typeof refusal;
  "session": typeof session;
  "shapes": typeof shapes;
  "typing": typeof typing;
}>;

export declare const api: FilterApi<typeof modules, FunctionReference<any, "public">>;
export declare const internal: FilterApi<typeof modules, FunctionReference<any, "internal">>;
