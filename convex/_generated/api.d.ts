// Written by `./dfworx gen`; do not edit.
import type { ApiFromModules, FilterApi, FunctionReference } from "convex/server";

import type * as access from "../access.js";
import type * as cursors from "../cursors.js";
import type * as database from "../database.js";
import type * as delivering from "../delivering.js";
import type * as documents from "../documents.js";
import type * as env from "../env.js";
import type * as loading from "../loading.js";
import type * as merging from "../merging.js";
import type * as mirror from "../mirror.js";
import type * as outgoing from "../outgoing.js";
import type * as readable from "../readable.js";
import type * as refusal from "../refusal.js";
import type * as saving from "../saving.js";
import type * as session from "../session.js";
import type * as shapes from "../shapes.js";
import type * as texts from "../texts.js";
import type * as web from "../web.js";

declare const modules: ApiFromModules<{
  "access": typeof access;
  "cursors": typeof cursors;
  "database": typeof database;
  "delivering": typeof delivering;
  "documents": typeof documents;
  "env": typeof env;
  "loading": typeof loading;
  "merging": typeof merging;
  "mirror": typeof mirror;
  "outgoing": typeof outgoing;
  "readable": typeof readable;
  "refusal": typeof refusal;
  "saving": typeof saving;
  "session": typeof session;
  "shapes": typeof shapes;
  "texts": typeof texts;
  "web": typeof web;
}>;

export declare const api: FilterApi<typeof modules, FunctionReference<any, "public">>;
export declare const internal: FilterApi<typeof modules, FunctionReference<any, "internal">>;
