"use client";

import {
  archivePost,
  publishPost,
  schedulePost,
  trashPost,
  unarchivePost,
  unschedulePost,
  untrashPost,
  updatePost,
  type Post,
} from "@dfworx/api";
import { useApi } from "@dfworx/api/react";
import { useToast } from "@dfworx/ui/Toast";
import { useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useState } from "react";

import { pathOfPost } from "@/features/shell/paths";

import type { Draft } from "./draft";
import { countMarks, isUnfinishedSlug, slugOf } from "./fields";

export type Deed = "publish" | "save" | "schedule" | "unschedule" | "archive" | "trash";
export type Missing = "title" | "choice";

const TRIES = 3;

/** What can be done with the whole post. Each saves what is written first, and says in place why it couldn't. */
export function useDeeds(draft: Draft) {
  const api = useApi();
  const router = useRouter();
  const cached = useQueryClient();
  const tell = useToast();
  const t = useTranslations("editor");
  const [busy, setBusy] = useState<Deed | null>(null);
  const [missing, setMissing] = useState<Missing | null>(null);

  async function run(deed: Deed, act?: (post: Post) => Promise<Post>): Promise<Post | null> {
    if (busy) return null;
    setBusy(deed);
    try {
      return await insist(async () => {
        const saved = (await draft.save()) ? draft.state().post : null;
        if (!saved || !act) return saved;
        const post = await act(saved);
        draft.adopt(post);
        return post;
      });
    } finally {
      setBusy(null);
      void cached.invalidateQueries({ queryKey: ["posts"] });
    }
  }

  /** A text that others write too makes versions meanwhile: what only these stood in the way of is done on top of them. */
  async function insist<T>(act: () => Promise<T>): Promise<T | null> {
    for (let tries = 0; ; tries++) {
      try {
        return await act();
      } catch (error) {
        if (!(await draft.refuse(error)) || !draft.isShared || tries === TRIES) return null;
      }
    }
  }

  /** Whether it can be shown to others as it is; if not, what is missing is said. */
  function isReady(): boolean {
    const { title, content } = draft.fields;
    const lacks = !title.trim() ? "title" : countMarks(content) > 0 ? "choice" : null;
    setMissing(lacks);
    return lacks === null;
  }

  /** A first save comes while the title is typed, so the address may have only its beginning. */
  async function finishSlug(post: Post): Promise<Post> {
    if (post.published_at || !isUnfinishedSlug(post.slug, post.title)) return post;
    // Taken, or not one for the service: it stays as it is.
    const renamed = await updatePost(api, post, { slug: slugOf(post.title) }).catch(() => null);
    if (renamed) draft.adopt(renamed);
    return renamed ?? post;
  }

  const read = (post: Post) => router.push(pathOfPost(post.slug));
  const leave = () => router.push("/posts");
  const takeBack = (act: () => Promise<unknown>) => ({
    label: t("undo"),
    run: () => void act().then(() => cached.invalidateQueries({ queryKey: ["posts"] })),
  });

  return {
    busy,
    missing,
    clearMissing: () => setMissing(null),
    async publish() {
      if (!isReady()) return;
      const post = await run("publish", async (saved) => publishPost(api, await finishSlug(saved)));
      if (post) read(post);
    },
    async save() {
      if (!isReady()) return;
      const post = await run("save");
      if (post) read(post);
    },
    async schedule(at: Date): Promise<boolean> {
      if (!isReady()) return false;
      return (await run("schedule", async (saved) => schedulePost(api, await finishSlug(saved), at))) !== null;
    },
    unschedule: () => run("unschedule", (saved) => unschedulePost(api, saved)),
    async archive() {
      const post = await run("archive", (saved) => archivePost(api, saved));
      if (!post) return;
      tell(
        t("archived"),
        takeBack(() => unarchivePost(api, post.post_id)),
      );
      leave();
    },
    async trash() {
      const { post } = draft.state();
      if (!post) {
        const undo = draft.discard();
        return tell(t("discarded"), { label: t("undo"), run: undo });
      }
      setBusy("trash");
      const isDone = await insist(async () => {
        await trashPost(api, draft.state().post ?? post);
        return true;
      });
      if (isDone) {
        void cached.invalidateQueries({ queryKey: ["posts"] });
        tell(
          t("trashed"),
          takeBack(() => untrashPost(api, post.post_id)),
        );
        leave();
      }
      setBusy(null);
    },
  };
}

export type Deeds = ReturnType<typeof useDeeds>;
