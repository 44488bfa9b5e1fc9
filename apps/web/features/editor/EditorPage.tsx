"use client";

import { getMe, untrashPost, type Post } from "@dfworx/api";
import { useApi } from "@dfworx/api/react";
import { Button } from "@dfworx/ui/Button";
import { NothingFound } from "@dfworx/ui/State";
import { useMutation, useQuery } from "@tanstack/react-query";
import dynamic from "next/dynamic";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";

import { Failed } from "@/features/shell/Failed";
import { Sheet } from "@/features/shell/Sheet";
import { pathOfPost } from "@/features/shell/paths";

import { EditorSkeleton } from "./EditorSkeleton";
import { mayWrite } from "./rights";

// What is kept on the device is known in the browser alone; and nothing else needs the editor's code.
const Editor = dynamic(() => import("./Editor").then((module) => module.Editor), {
  ssr: false,
  loading: EditorSkeleton,
});

interface EditorPageProps {
  post: Post | null;
  /** What a new one is to be called, as whoever came here said. */
  title?: string | undefined;
}

/** Writing a post, new when there is none; or why one can't be written here. */
export function EditorPage({ post, title }: EditorPageProps) {
  const t = useTranslations("editor");
  const me = useQuery(getMe(useApi()));
  if (me.isError) {
    return (
      <Sheet title={t("newTitle")}>
        <Failed title={t("failedTitle")} error={me.error} again={() => void me.refetch()} />
      </Sheet>
    );
  }
  if (!me.data) return <EditorSkeleton />;
  if (post?.status === "trashed") return <InTrash post={post} />;
  if (!mayWrite(post, me.data)) return <NotYours post={post} />;
  return <Editor key={post?.post_id ?? `new ${title}`} post={post} me={me.data} title={title} />;
}

function NotYours({ post }: { post: Post | null }) {
  const t = useTranslations("editor");
  const page = useTranslations("post");
  return (
    <Sheet title={post ? t("editTitle") : t("newTitle")}>
      <NothingFound
        title={post ? t("notYoursTitle") : t("guestTitle")}
        actions={
          <Button asChild look="primary">
            <Link href={post ? pathOfPost(post.slug) : "/posts"}>{post ? t("readIt") : page("back")}</Link>
          </Button>
        }
      >
        {post ? t("notYoursText", { name: post.author.name ?? t("nameless") }) : t("guestText")}
      </NothingFound>
    </Sheet>
  );
}

function InTrash({ post }: { post: Post }) {
  const t = useTranslations("editor");
  const page = useTranslations("post");
  const api = useApi();
  const router = useRouter();
  const restore = useMutation({ mutationFn: () => untrashPost(api, post.post_id), onSuccess: () => router.refresh() });
  return (
    <Sheet title={t("editTitle")}>
      <NothingFound
        title={t("inTrashTitle", { title: post.title })}
        actions={
          <>
            <Button look="primary" busy={restore.isPending && t("restoring")} onClick={() => restore.mutate()}>
              {t("restore")}
            </Button>
            <Button asChild>
              <Link href="/posts">{page("back")}</Link>
            </Button>
          </>
        }
      >
        {restore.isError ? t("restoreFailed") : t("inTrashText")}
      </NothingFound>
    </Sheet>
  );
}
