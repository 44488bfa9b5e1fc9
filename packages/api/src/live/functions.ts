import { anyApi, type FunctionReturnType } from "convex/server";

// Types alone: nothing of the functions themselves comes along.
import type { api } from "../../../../convex/_generated/api";

/** The public functions of `convex/`, with their arguments and what they give. */
export const live = anyApi as unknown as typeof api;

export type Thread = FunctionReturnType<typeof live.threads.list>[number];
/** Beside a post; its name is the post's title. */
export type BesidePost = FunctionReturnType<typeof live.threads.besidePosts>[number];
export type ThreadTally = FunctionReturnType<typeof live.threads.count>;
export type Message = FunctionReturnType<typeof live.messages.get>;
export type LiveMember = FunctionReturnType<typeof live.members.list>[number];
export type Presence = FunctionReturnType<typeof live.presence.list>[number];
export type LiveNotifications = FunctionReturnType<typeof live.notifications.live>;
export type Tag = FunctionReturnType<typeof live.tags.list>[number];
export type ThreadId = Message["thread_id"];
export type MessageId = Message["message_id"];
/** Of a refusal: what a ConvexError carries as `data` has one, and a sentence. */
export type { Code as RefusalCode } from "../../../../convex/refusal";
