"use client";

import type { Notification } from "@dfworx/api";
import { useTranslations } from "next-intl";

import { useLive } from "@/features/live/cache";
import { nameOfThread } from "@/features/presence/threads";
import { pathOfComment, pathOfMessageBeside, pathOfPost, pathOfThread } from "@/features/shell/paths";

import { actorsOf, type Told } from "./group";

/** The very place. */
export function pathOfTold({ post, comment, message }: Pick<Notification, "post" | "comment" | "message">): string {
  if (post && message) return pathOfMessageBeside(post.slug, message.message_id);
  if (post) return comment ? pathOfComment(post.slug, comment.comment_id) : pathOfPost(post.slug);
  return message ? pathOfThread(message.thread_id, message.message_id) : "/posts";
}

/** Which sentence of `finding.inbox` says it, and its words. */
export function useSaying() {
  const t = useTranslations("finding.inbox");
  const presence = useTranslations("presence");
  const threads = useLive("threads");
  return (told: Told) => {
    const { kind, post, message } = told.newest;
    const people = actorsOf(told);
    const [first, second] = people.map((each) => each.name ?? t("someone"));
    const thread = threads?.find((each) => each.thread_id === message?.thread_id);
    const isSaid = message !== null && (kind === "mention" || kind === "reply");
    return {
      key:
        isSaid && post
          ? (`beside.${kind}` as const)
          : isSaid && !thread
            ? (`chat.${kind}` as const)
            : (`kinds.${kind}` as const),
      who:
        people.length > 2
          ? t("several", { name: first ?? "", count: people.length - 1 })
          : second
            ? t("two", { name: first ?? "", other: second })
            : (first ?? t("someone")),
      title: post?.title ?? (thread ? nameOfThread(thread, presence("everyone")) : ""),
    };
  };
}
