"use client";

import type { Post } from "@dfworx/api";
import { useTranslations } from "next-intl";

import { CommentsTab } from "@/features/comments/CommentsTab";
import { useComments } from "@/features/comments/useComments";
import { useLive } from "@/features/live/cache";
import { countSaid } from "@/features/presence/unread";
import { Panel } from "@/features/shell/Panel";

import type { Tab } from "./beside";
import { useBeside } from "./BesidePost";
import { idOf, PanelTabs } from "./PanelTabs";
import { ThreadTab } from "./ThreadTab";

/** Beside the post. Nothing of it is asked for or loaded before it is seen. */
export function PostPanel({ post }: { post: Post }) {
  const t = useTranslations("beside");
  const comments = useTranslations("comments");
  const { open, wide, show, close } = useBeside();
  const isSeen = wide !== null;
  const { count } = useComments(post, { enabled: isSeen && open === "comments" });
  const live = useLive("postThread");
  const thread = live?.post_id === post.post_id ? live : undefined;
  const tab: Tab = open ?? "comments";
  const isThread = tab === "thread";
  const tabs = [
    {
      tab: "thread",
      label: t("thread"),
      count: thread?.unread ?? countSaid(thread?.tally),
      isNew: thread?.unread !== null,
    },
    { tab: "comments", label: comments("title"), count, isNew: false },
  ] as const;
  return (
    <Panel
      label={isThread ? t("thread") : comments("title")}
      head={<PanelTabs label={t("label")} tabs={tabs} chosen={tab} choose={show} />}
      closeLabel={isThread ? t("closeThread") : comments("close")}
      open={open !== null}
      wide={wide}
      close={close}
    >
      <div
        role="tabpanel"
        id={idOf(tab, "panel")}
        aria-labelledby={idOf(tab, "tab")}
        className="flex min-h-0 grow flex-col"
      >
        {isThread ? isSeen && <ThreadTab post={post} /> : <CommentsTab post={post} />}
      </div>
    </Panel>
  );
}
