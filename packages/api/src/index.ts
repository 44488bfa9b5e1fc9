/**
 * The one door between an app and the services: typed REST clients, the types behind them, and what React Query asks.
 * Apps import from here and never from a generated file, so that a change of generator stays in this folder. Nothing
 * here touches the browser: servers import it too. The browser's half is `./session` and `./react`.
 */
export { createApi, newIdempotencyKey, read, type Api, type ApiOptions } from "./client";
export { ApiProblem } from "./problem";
export * from "./queries/categories";
export * from "./queries/comments";
export * from "./queries/drafts";
export * from "./queries/files";
export * from "./queries/notifications";
export * from "./queries/invitations";
export * from "./queries/members";
export * from "./queries/passwords";
export * from "./queries/people";
export * from "./queries/posts";
export * from "./queries/reads";
export * from "./queries/revisions";
export * from "./queries/search";
export * from "./queries/preferences";
export * from "./queries/profiles";
export * from "./queries/sessions";
export type { Database, Json } from "./database.gen";

import type * as admin from "./admin.gen";
import type * as auth from "./auth.gen";
import type * as web from "./web.gen";

/** Wire shapes by name, such as `AuthSchemas["User"]` and `WebSchemas["Post"]`. */
export type AuthSchemas = auth.components["schemas"];
export type AdminSchemas = admin.components["schemas"];
export type WebSchemas = web.components["schemas"];
export type Post = WebSchemas["Post"];
export type PostItem = WebSchemas["PostItem"];
export type Category = WebSchemas["Category"];
export type Me = AuthSchemas["Me"];
export type Comment = WebSchemas["Comment"];
export type RevisionItem = WebSchemas["RevisionItem"];
export type Difference = WebSchemas["Difference"];
