// Written by `./dfworx gen`; do not edit.
import type { ApiFromModules, FilterApi, FunctionReference } from "convex/server";

import type * as access from "../access.js";
import type * as database from "../database.js";
import type * as imports from "../imports.js";
import type * as members from "../members.js";
import type * as messages from "../messages.js";
import type * as notifications from "../notifications.js";
import type * as outgoing from "../outgoing.js";
import type * as pins from "../pins.js";
import type * as presence from "../presence.js";
import type * as reactions from "../reactions.js";
import type * as readable from "../readable.js";
import type * as reads from "../reads.js";
import type * as refusal from "../refusal.js";
import type * as searching from "../searching.js";
import type * as session from "../session.js";
import type * as shapes from "../shapes.js";
import type * as tags from "../tags.js";
import type * as threads from "../threads.js";
import type * as typing from "../typing.js";
import type * as words from "../words.js";

declare const modules: ApiFromModules<{
  "access": typeof access;
  "database": typeof database;
  "imports": typeof imports;
  "members": typeof members;
  "messages": typeof messages;
  "notifications": typeof notifications;
  "outgoing": typeof outgoing;
  "pins": typeof pins;
  "presence": typeof presence;
  "reactions": typeof reactions;
  "readable": typeof readable;
  "reads": typeof reads;
  "refusal": typeof refusal;
  "searching": typeof searching;
  "session": typeof session;
  "shapes": typeof shapes;
  "tags": typeof tags;
  "threads": typeof threads;
  "typing": typeof typing;
  "words": typeof words;
}>;

export declare const api: FilterApi<typeof modules, FunctionReference<any, "public">>;
export declare const internal: FilterApi<typeof modules, FunctionReference<any, "internal">>;
